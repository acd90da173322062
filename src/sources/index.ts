import type { Source } from './source.ts';

/** Where clusters come from. Only the source that a run uses is loaded. */
export const sources = {
  live: async () => (await import('./live.ts')).collectLive,
  configMaps: async () => (await import('./configmaps.ts')).readConfigMaps,
  saved: async () => (await import('./saved.ts')).readSaved,
} satisfies Record<string, () => Promise<Source>>;
