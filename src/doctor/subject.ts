import type { CollectorName } from '../collectors/index.ts';
import type { CollectorRun } from '../document/schema.ts';
import type { PatchedConfigMap } from '../kubectl/probe.ts';
import type { Patroni, PatroniSettings } from '../patroni/client.ts';
import { patroniClient } from '../patroni/client.ts';
import { collectDocument } from '../sources/live.ts';
import type { Budget } from '../system/deadline.ts';
import type { Log } from '../system/log.ts';
import type { Redact } from '../text/redact.ts';
import type { Version } from '../walg/version.ts';
import { walgClient, type Walg } from '../walg/client.ts';
import type { CheckStatus } from './finding.ts';
import type { SetUp } from './set-up.ts';

/** What the checks examine, and results that they share. */
export interface Subject {
  setUp: SetUp;
  /** As in a run: WAL-G and Patroni have the time of the collectors, kubectl that of the deliveries. */
  budget: Budget;
  log: Log;
  /** Epoch milliseconds. */
  now: () => number;
  walg: Walg;
  /** undefined = its URL or its TLS files are not usable. */
  patroni: Patroni | undefined;
  /** The result of another check. */
  statusOf: (name: string) => Promise<CheckStatus>;
  /** Runs the collectors as in a usual run, at most once, without those that cannot work. */
  collected: () => Promise<CollectorRuns>;
  /** Results of the checks that others need. */
  learnt: Learnt;
}

export type CollectorRuns = Partial<Record<CollectorName, CollectorRun>>;

export interface Learnt {
  /** The version of WAL-G; undefined = not known. */
  version?: Version | undefined;
  configMap?: PatchedConfigMap;
  /** Milliseconds that the patch took. */
  patchTime?: number;
}

export interface Examination {
  setUp: SetUp;
  budget: Budget;
  log: Log;
  redact: Redact;
  now: () => number;
  statusOf: (name: string) => Promise<CheckStatus>;
}

export function subjectOf({ setUp, budget, log, redact, now, statusOf }: Examination): Subject {
  const settings = patroniSettings(setUp);
  let collected: Promise<CollectorRuns> | undefined;
  return {
    setUp,
    budget,
    log,
    now,
    walg: walgClient(setUp.walg, budget.collect, log),
    patroni: settings && patroniClient(settings, budget.collect, log),
    statusOf,
    collected: () => (collected ??= collect()),
    learnt: {},
  };

  /** With clients of their own, so that their durations are those of a run. */
  async function collect(): Promise<CollectorRuns> {
    const names = await workable();
    if (names.length === 0) return {};
    const { collectors } = await collectDocument({
      names,
      sources: {
        patroni: patroniClient(settings ?? NOBODY, budget.collect, log),
        walg: walgClient(setUp.walg, budget.collect, log),
      },
      deadline: budget.collected,
      redact,
      now,
    });
    const runs = Object.entries(collectors ?? {}).filter(([, run]) => run !== null);
    return Object.fromEntries(runs);
  }

  async function workable(): Promise<CollectorName[]> {
    const isFine = async (name: string) => /^(ok|warning)$/.test(await statusOf(name));
    const [patroni, walg] = await Promise.all([isFine('patroni'), isFine('storage')]);
    return setUp.collectors.filter((name) => (name === 'patroni' ? patroni : walg));
  }
}

const NOBODY: PatroniSettings = { urls: [], tls: { insecure: false }, leaderApi: 'never' };

/** undefined = there are none with which Patroni can be asked. */
function patroniSettings({ patroni: { urls, tls, leaderApi } }: SetUp): PatroniSettings | undefined {
  if (urls.value === undefined) return undefined;
  if (tls.value !== undefined) return { urls: urls.value, tls: tls.value, leaderApi };
  const isPlain = urls.value.every(({ protocol }) => protocol === 'http:');
  return isPlain ? { urls: urls.value, tls: { insecure: false }, leaderApi } : undefined;
}
