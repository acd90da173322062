import type { ConfigMap, KubectlSettings } from '../kubectl/settings.ts';
import type { Limit } from '../system/deadline.ts';
import type { Log } from '../system/log.ts';

/** The texts of a run. */
export interface Texts {
  /** For the ConfigMap: JSON on one line. */
  published: string;
  /** In the format of --format. */
  printed: string;
}

/** A ConfigMap. */
export interface Published {
  to: 'configmap';
  configMap: ConfigMap;
  kubectl: KubectlSettings;
}

/** A file, which is replaced as a whole. */
export interface Written {
  to: 'file';
  path: string;
}

/** Standard output. */
export interface Printed {
  to: 'stdout';
}

/** A destination, with everything that its delivery needs. */
export type Destination = Published | Written | Printed;

/** The time limit and the log of a delivery. */
export interface Means {
  limit: Limit;
  log: Log;
}

/** One file per delivery. Rejected with a DeliveryError that says what to do. */
export type Delivery<To extends Destination> = (texts: Texts, destination: To, means: Means) => Promise<void>;
