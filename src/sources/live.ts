import { hostname } from 'node:os';
import { collectors, type CollectorName, collectorNames } from '../collectors/index.ts';
import { execute } from '../collectors/execute.ts';
import { readRecovery } from '../collectors/walg-recovery.ts';
import type { Earlier, Sources } from '../collectors/collector.ts';
import { nameCluster } from '../document/cluster.ts';
import type { Memory, Recalled } from '../document/memory.ts';
import type { CollectorRun, StatusDocument } from '../document/schema.ts';
import { SCHEMA_VERSION } from '../document/version.ts';
import { generator } from '../generator.ts';
import { patroniClient } from '../patroni/client.ts';
import type { Deadline } from '../system/deadline.ts';
import { noProgress, type Progress, terminalProgress } from '../system/progress.ts';
import type { Redact } from '../text/redact.ts';
import { walgClient } from '../walg/client.ts';
import type { World } from '../world.ts';
import type { Source, SourceSettings } from './source.ts';
import { leadership } from './leadership.ts';

/** Runs the collectors. On a node that does not publish they run only with --check, which needs a verdict. */
export const collectLive: Source = async (settings, world, budget, see) => {
  const { log, redact, now } = world;
  const { collectors: names } = settings;
  const patroni = patroniClient(settings.patroni, budget.collect, log);
  const walg = walgClient(settings.walg, budget.collect, log);

  if (!settings.check) {
    const gate = await leadership(settings, patroni);
    if (gate.publishing === 'refused') {
      const cluster = settings.scope ?? gate.scope ?? otherName(settings);
      return { stepsBack: gate.why, node: { member: gate.member, cluster } };
    }
  }
  const progress = showProgress(settings, world);
  try {
    const remembered = await recallState(settings, world);
    const { fingerprint, earlier } = await verification(settings, remembered, now());
    const collected = await collectDocument({
      names,
      sources: { patroni, walg, earlier },
      deadline: budget.collected,
      redact,
      now,
      progress,
    });
    const state = await ofThisCluster(settings, remembered, fingerprint, collected, world);
    const document = await readRecovery(collected, { walg }, state?.memory);
    const name = nameCluster(document, {
      asked: settings.scope,
      remembered: state?.memory?.cluster?.scope,
      otherwise: otherName(settings),
    });
    const origin = { host: hostname() };
    // last, because /config must be requested before /cluster (src/patroni/README.md, "HTTP")
    const gate = await leadership(settings, patroni);
    const cluster = see({ name, origin, document, error: null }, state?.memory);
    return { clusters: [cluster], isList: false, state, gate };
  } finally {
    progress.stop();
  }
};

/** The name of the cluster if neither --scope nor Patroni gives one. */
function otherName({ statusName, patroni }: SourceSettings): string {
  return statusName ?? firstHost(patroni.urls);
}

/** The state that the last run kept. */
async function recallState({ state: path }: SourceSettings, { log }: World): Promise<Memory | undefined> {
  if (path === undefined) return undefined;
  const { recall } = await import('./state.ts');
  return recall(path, log);
}

/** For --verify-every: the verification that an earlier run kept, and what this run keeps for the next. */
async function verification(
  { verifyEvery, walg }: SourceSettings,
  memory: Memory | undefined,
  now: number,
): Promise<{ fingerprint?: string; earlier?: Earlier }> {
  if (verifyEvery === undefined) return {};
  const { fingerprint: fingerprintOf } = await import('../walg/fingerprint.ts');
  const fingerprint = fingerprintOf(walg);
  if (memory === undefined) return { fingerprint };
  return { fingerprint, earlier: { memory, maxAge: verifyEvery / 1000, fingerprint, now: Math.floor(now / 1000) } };
}

/** The state that the last run kept, if it is of the cluster that was collected. */
async function ofThisCluster(
  { state: path, patroni: { urls } }: SourceSettings,
  remembered: Memory | undefined,
  fingerprint: string | undefined,
  document: StatusDocument,
  { log }: World,
): Promise<Recalled | undefined> {
  if (path === undefined) return undefined;
  const { ofCluster } = await import('./state.ts');
  const state = { path, patroni: firstHost(urls) };
  return { ...state, fingerprint, memory: ofCluster(remembered, document, state, log) };
}

/** Host and port of the first URL: two clusters on one host differ in it. */
export function firstHost([first]: readonly URL[]): string {
  if (first === undefined) return hostname();
  return `${first.hostname}:${first.port || (first.protocol === 'https:' ? '443' : '80')}`;
}

/** Not with --verbose, whose lines it would overwrite, and not with --quiet. */
function showProgress(
  { collectors: names, quiet, verbose }: SourceSettings,
  { showsProgress, signal }: World,
): Progress {
  if (!showsProgress || quiet || verbose) return noProgress;
  const progress = terminalProgress(names);
  signal.addEventListener('abort', progress.stop, { once: true });
  return progress;
}

export interface Collecting {
  names: readonly CollectorName[];
  sources: Sources;
  /** The run does not wait longer for a collector. */
  deadline: Deadline;
  redact: Redact;
  /** Epoch milliseconds. */
  now: () => number;
  progress?: Progress;
}

/** Runs all collectors at once and merges their parts into one document. */
export async function collectDocument(collecting: Collecting): Promise<StatusDocument> {
  const { names, sources, deadline, redact, now, progress = noProgress } = collecting;
  const collectedAt = Math.floor(now() / 1000);
  const document = blankDocument(collectedAt, names);
  const runs: Partial<Record<CollectorName, CollectorRun>> = {};
  await Promise.all(
    names.map(async (name) => {
      const { part, run } = await execute<Partial<StatusDocument>>(
        collectors[name],
        sources,
        deadline,
        redact,
        collectedAt,
      );
      Object.assign(document, part);
      runs[name] = run;
      progress.ended(name, run.ok);
    }),
  );
  const { patroni = null, walg_backups = null, walg_verify = null } = runs;
  return { ...document, collectors: { patroni, walg_backups, walg_verify } };
}

/** A document in which nothing is known: the keys of the contract and of the chosen collectors, in their final order. */
function blankDocument(collectedAt: number, names: readonly CollectorName[]): StatusDocument {
  const asked = collectorNames.filter((name) => names.includes(name));
  return {
    cluster_status: { members: [] },
    patroni_archive_enabled: null,
    patroni_archive_command_set: null,
    walg_last_backup: null,
    walg_timeline: null,
    walg_integrity: null,
    current_timestamp: collectedAt,
    schema_version: SCHEMA_VERSION,
    generator,
    ...Object.assign({}, ...asked.map((name) => collectors[name].unknown)),
  } as StatusDocument;
}
