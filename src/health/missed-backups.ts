/** What to do about a backup that was missed, judging by the usual interval. */
export const missedBackups = ['warn', 'ignore'] as const;

export type MissedBackups = (typeof missedBackups)[number];
