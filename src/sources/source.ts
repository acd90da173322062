import type { CollectorName } from '../collectors/index.ts';
import type { Cluster } from '../document/cluster.ts';
import type { Memory, Recalled } from '../document/memory.ts';
import type { KubectlSettings } from '../kubectl/settings.ts';
import type { PatroniSettings } from '../patroni/client.ts';
import type { Budget } from '../system/deadline.ts';
import type { WalgSettings } from '../walg/program.ts';
import type { World } from '../world.ts';
import type { Leadership } from './leadership.ts';

/** The settings of a source. */
export interface SourceSettings {
  collectors: readonly CollectorName[];
  patroni: PatroniSettings;
  walg: WalgSettings;
  /** Whether publishing was asked for, and which nodes publish. */
  publishes: boolean;
  publishFrom: 'leader' | 'any';
  /** The run is a monitoring plugin and needs a verdict. */
  check: boolean;
  /** The paths of saved documents to read; none = collect. */
  inputs: readonly string[];
  /** Published documents to read; undefined = none. */
  from: FromConfigMaps | undefined;
  /** The name of the cluster; and the name that it is published under, which is used if neither the user nor Patroni gives one. */
  scope: string | undefined;
  statusName: string | undefined;
  /** The file that keeps the state of this node for its next run; undefined = none is kept. */
  state: string | undefined;
  /** How old (milliseconds) a verification of the WAL may be that is used again; undefined = every run verifies. */
  verifyEvery: number | undefined;
  quiet: boolean;
  verbose: boolean;
}

/** Which published documents to read back. */
export interface FromConfigMaps {
  /** One ConfigMap; undefined = every one that was published. */
  configMap: string | undefined;
  namespace: string | undefined;
  /** Not only the namespaces with Zabbix's label. */
  allNamespaces: boolean;
  /** Without a namespace: that of the context (as a kubectl plugin). */
  ownNamespaceOnly: boolean;
  /** Label selector; undefined = by name. */
  selector: string | undefined;
  /** Contexts of the kubeconfig, read side by side; none = the current one. */
  contexts: readonly string[] | 'all';
  kubectl: KubectlSettings;
  /** Milliseconds. */
  requestTimeout: number;
}

/**
 * Judges a cluster once it is read, and returns what the run needs of it: a source of thousands keeps no document.
 * @param memory what --state remembers of it.
 */
export type See<Seen> = (cluster: Cluster, memory?: Memory) => Seen;

/** What a source yields: what was seen of each cluster, or the reason why this node leaves collecting and publishing to the leader. */
export type Yield<Seen> =
  | {
      clusters: readonly Seen[];
      /** The source yields a list: JSON is an array, even of one cluster. */
      isList: boolean;
      stepsBack?: undefined;
      /** What --state remembers of the cluster that was collected. */
      state?: Recalled | undefined;
      /** Whether the document may be published, if that was asked for. */
      gate: Leadership;
    }
  | SteppedBack;

/** This node leaves collecting and publishing to the leader. */
export interface SteppedBack {
  clusters?: undefined;
  /** Why. */
  stepsBack: string;
  /** The name of this node (from Patroni 3.2 on) and of its cluster. */
  node: { member: string | undefined; cluster: string };
}

/** One file per source. */
export type Source = <Seen>(
  settings: SourceSettings,
  world: World,
  budget: Budget,
  see: See<Seen>,
) => Promise<Yield<Seen>>;
