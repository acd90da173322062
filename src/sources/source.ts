import type { StatusDocument } from '../document/schema.ts';
import type { Settings } from '../options/settings.ts';
import type { Budget } from '../system/deadline.ts';
import type { World } from '../world.ts';

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
export type Source = (settings: Settings, world: World, budget: Budget, grace: number) => Promise<Yield>;
