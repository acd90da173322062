/** From best to worst, but for `skipped`: it was not examined, because it is not used or because of another fault. */
export type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** What a check found. */
export interface Finding {
  status: CheckStatus;
  reason: string;
  /** What to do; undefined = what the diagnostics or the check's hint advise. */
  remedy?: string | undefined;
}

export function ok(reason: string): Finding {
  return { status: 'ok', reason };
}

export function warning(reason: string, remedy?: string): Finding {
  return { status: 'warning', reason, remedy };
}

export function failed(reason: string, remedy?: string): Finding {
  return { status: 'failed', reason, remedy };
}

export function skipped(reason: string): Finding {
  return { status: 'skipped', reason };
}

const WORST_FIRST: readonly CheckStatus[] = ['failed', 'warning', 'ok', 'skipped'];

/** Several findings as one: the status is the worst, and what is worse than ok comes first, with its remedies. */
export function together(findings: readonly Finding[]): Finding {
  const sorted = findings.toSorted((one, other) => WORST_FIRST.indexOf(one.status) - WORST_FIRST.indexOf(other.status));
  const remedies = new Set(sorted.flatMap(({ remedy }) => remedy ?? []));
  return {
    status: sorted[0]?.status ?? 'skipped',
    reason: sorted.map(({ reason }) => reason).join('; '),
    remedy: remedies.size === 0 ? undefined : [...remedies].join(' '),
  };
}
