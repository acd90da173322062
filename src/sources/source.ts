import type { CollectorName } from '../collectors/index.ts';
import type { Cluster } from '../document/cluster.ts';
import type { Recalled } from '../document/memory.ts';
import type { PatroniSettings } from '../patroni/client.ts';
import type { Budget } from '../system/deadline.ts';
import type { WalgSettings } from '../walg/program.ts';
import type { World } from '../world.ts';
import type { Leadership } from './leadership.ts';

/** What a source needs to know. */
export interface SourceSettings {
  collectors: readonly CollectorName[];
  patroni: PatroniSettings;
  walg: WalgSettings;
  /** The document will be published; who does so. */
  publishes: boolean;
  publishFrom: 'leader' | 'any';
  /** A verdict is asked for: the exit status is that of a monitoring plugin. */
  check: boolean;
  /** The paths of saved documents to be read instead of collecting; none = collect. */
  inputs: readonly string[];
  /** What the user calls the cluster; and what it is published as, for where neither the user nor Patroni names it. */
  scope: string | undefined;
  statusName: string | undefined;
  /** The file in which this node keeps what its next run is to remember; undefined = nothing is kept. */
  state: string | undefined;
  quiet: boolean;
  verbose: boolean;
}

/** What a source yields: clusters, or the reason why it is left to somebody else to collect and publish. */
export type Yield =
  | {
      clusters: readonly Cluster[];
      /** There may be any number of them: JSON is an array then, even of one. */
      isList: boolean;
      stepsBack?: undefined;
      /** Of what was just collected: what is remembered of it (--state). */
      state?: Recalled | undefined;
      /** Whether it may be published, where that was asked for. */
      gate: Leadership;
    }
  | SteppedBack;

/** It is left to the leader to collect and publish. */
export interface SteppedBack {
  clusters?: undefined;
  /** Why. */
  stepsBack: string;
  /** This node: its name, where Patroni tells it (from 3.2 on), and what its cluster is called. */
  node: { member: string | undefined; cluster: string };
}

/** One file per source. */
export type Source = (settings: SourceSettings, world: World, budget: Budget) => Promise<Yield>;
