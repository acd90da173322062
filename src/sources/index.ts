import type { Source } from './source.ts';

/** Where documents come from; the one that a run does not use is not loaded. */
export const sources = {
  live: async () => (await import('./live.ts')).collectLive,
  saved: async () => (await import('./saved.ts')).readSaved,
} satisfies Record<string, () => Promise<Source>>;
