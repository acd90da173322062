import type { Health } from './schema.ts';

export type Status = Health['status'];

/** As the exit status of a monitoring plugin, and in metrics. */
export const STATE_NUMBERS = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const satisfies Record<Status, number>;

/** Unknown is worse than a warning, because it may hide anything. */
export const FROM_WORST_TO_BEST: readonly Status[] = ['critical', 'unknown', 'warning', 'ok'];

/** The worst of them; ok if there is none. */
export function worst(statuses: readonly Status[]): Status {
  return FROM_WORST_TO_BEST.find((status) => statuses.includes(status)) ?? 'ok';
}

/** A new list; items of the same status keep their order. */
export function worstFirst<Item>(items: readonly Item[], status: (item: Item) => Status): Item[] {
  if (items.length < 2) return [...items];
  return FROM_WORST_TO_BEST.flatMap((wanted) => items.filter((item) => status(item) === wanted));
}
