/** What became of WAL that WAL-G looked for. */
export const FATES = ['found', 'lost', 'waiting', 'doubtful'] as const;

export type Fate = (typeof FATES)[number];
