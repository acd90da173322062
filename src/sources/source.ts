import type { CollectorName } from '../collectors/index.ts';
import type { StatusDocument } from '../document/schema.ts';
import type { PatroniSettings } from '../patroni/client.ts';
import type { Budget } from '../system/deadline.ts';
import type { WalgSettings } from '../walg/program.ts';
import type { World } from '../world.ts';

/** What a source needs to know. */
export interface SourceSettings {
  collectors: readonly CollectorName[];
  patroni: PatroniSettings;
  walg: WalgSettings;
  /** The document will be published; who does so. */
  publishes: boolean;
  publishFrom: 'leader' | 'any';
  /** The path of a saved document to be read instead of collecting. */
  input: string | undefined;
  quiet: boolean;
  verbose: boolean;
}

/** What a source yields: a document, or the reason for which there is none. */
export type Yield =
  | {
      document: StatusDocument;
      stepsBack?: undefined;
      /** Why it must not be published, though that was asked for. */
      undelivered?: string | undefined;
    }
  | {
      document?: undefined;
      /** Why it is left to somebody else to collect and publish. */
      stepsBack: string;
      undelivered?: undefined;
    };

/** One file per source. */
export type Source = (settings: SourceSettings, world: World, budget: Budget) => Promise<Yield>;
