import type { ConfigMap, KubectlSettings } from '../kubectl/settings.ts';
import type { Limit } from '../system/deadline.ts';
import type { Log } from '../system/log.ts';

/** The document in words, for either kind of reader. */
export interface Texts {
  /** For programs that read it back: JSON on one line. */
  published: string;
  /** In the format that was asked for. */
  printed: string;
}

/** A ConfigMap. */
export interface Published {
  to: 'configmap';
  configMap: ConfigMap;
  kubectl: KubectlSettings;
}

/** A file, which is replaced. */
export interface Written {
  to: 'file';
  path: string;
}

/** Standard output. */
export interface Printed {
  to: 'stdout';
}

/** Where a run was asked to put its document, with all that is needed to get it there. */
export type Destination = Published | Written | Printed;

/** What a delivery keeps to, and where it speaks. */
export interface Means {
  limit: Limit;
  log: Log;
}

/** One file per delivery: it puts a text there, or is rejected with a DeliveryError that says what to do. */
export type Delivery<To extends Destination> = (texts: Texts, destination: To, means: Means) => Promise<void>;
