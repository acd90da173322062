import type { Labels } from '../kubectl/patch.ts';
import type { ConfigMap, KubectlSettings } from '../kubectl/settings.ts';
import type { Limit } from '../system/deadline.ts';
import type { Log } from '../system/log.ts';

/** The texts of a run. */
export interface Texts {
  /** For the ConfigMap: JSON on one line. */
  published: string;
  /** In the format of --format. */
  printed: string;
  /** For the Pushgateway: in Prometheus's text format (empty if nothing is pushed), and the name of the cluster. */
  metrics: string;
  cluster: string;
  /** For the ConfigMap. */
  labels: Labels;
}

/** A ConfigMap. */
export interface Published {
  to: 'configmap';
  configMap: ConfigMap;
  /** Whether labels are set, too. */
  labelled: boolean;
  kubectl: KubectlSettings;
}

/** A Prometheus Pushgateway. */
export interface Pushed {
  to: 'pushgateway';
  /** Its base URL, which may have user info. */
  url: URL;
  /** The variables that name proxies. */
  proxies: NodeJS.ProcessEnv;
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
export type Destination = Published | Pushed | Written | Printed;

/** The time limit and the log of a delivery. */
export interface Means {
  limit: Limit;
  log: Log;
}

/** One file per delivery. Rejected with a DeliveryError that says what to do. */
export type Delivery<To extends Destination> = (texts: Texts, destination: To, means: Means) => Promise<void>;
