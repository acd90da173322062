import { deliver } from './deliveries/index.ts';
import type { Destination } from './deliveries/delivery.ts';
import type { Ping } from './deliveries/ping.ts';
import { printText } from './deliveries/stdout.ts';
import { errorOf, isCalled, worstStatus, type Cluster, type Judged } from './document/cluster.ts';
import type { Memory, Recalled } from './document/memory.ts';
import { fitDocument } from './document/fit.ts';
import { withoutSecrets } from './document/redact.ts';
import { STATE_NUMBERS } from './document/status.ts';
import { asError, isForeseen, UsageError } from './errors.ts';
import type { Rendering } from './formats/format.ts';
import { formats, isForZabbix } from './formats/index.ts';
import { pluginLine } from './formats/nagios/plugin-line.ts';
import { judge } from './health/index.ts';
import type { Thresholds } from './health/thresholds.ts';
import type { Settings } from './options/settings.ts';
import { sources } from './sources/index.ts';
import type { SteppedBack } from './sources/source.ts';
import { divideBudget, type Limit, within } from './system/deadline.ts';
import type { Log } from './system/log.ts';
import { wantsColour } from './text/colour.ts';
import { some } from './text/words.ts';
import { withWal } from './wal/read.ts';
import type { World } from './world.ts';

export const EXIT = { ok: 0, collectorFailed: 1, usage: 2, undelivered: 3 } as const;
/** With --check: that of a monitoring plugin. */
export const CHECK_EXIT = STATE_NUMBERS;
export type ExitStatus = 0 | 1 | 2 | 3;

/** The story of a run: get the clusters, judge them, format them, deliver the texts, and return the exit status. */
export async function run(settings: Settings, world: World): Promise<ExitStatus> {
  const { log, signal } = world;
  const budget = divideBudget(settings.timeout, signal);

  const name = sourceOf(settings);
  const live = name === 'live';
  const source = await sources[name]();
  const found = await source(settings, world, budget);
  if (found.clusters === undefined) return stepBack(found, settings, world, budget.deliver);
  const { isList, gate } = found;
  signal.throwIfAborted();

  // a live document is judged as of its own time, so the duration of the run does not affect the verdict
  const collectedAt = live ? found.clusters[0]?.document?.current_timestamp : undefined;
  const now = settings.now ?? (collectedAt === undefined ? world.now() : collectedAt * 1000);
  const clusters = found.clusters.map((cluster) =>
    judged(withoutSecrets(cluster, world.redact), live, settings.thresholds, now, found.state?.memory),
  );
  if (settings.format === 'report') checkDetails(settings.details, clusters);

  if (gate.publishing === 'refused') log.note(gate.why);
  const allowed = gate.publishing === 'allowed';
  const rendering = {
    ...renderingFor(settings, world, now, isList),
    ...(settings.publishes && { publishes: allowed }),
  };
  const goesTo = (wanted: Destination['to']) => allowed && settings.destinations.some(({ to }) => to === wanted);
  const texts = {
    published: goesTo('configmap') ? (await formats.json())(clusters, { ...rendering, indented: false }).trimEnd() : '',
    printed: (await formats[settings.format]())(clusters, rendering),
    metrics: goesTo('pushgateway') ? (await formats.prometheus())(clusters, rendering) : '',
    cluster: clusters[0]?.name ?? '',
    labels: goesTo('configmap') ? (await import('./formats/labels.ts')).labelsOf(clusters) : {},
  };
  // Zabbix would take an empty value for an empty list of clusters
  const isEmpty = isForZabbix(settings.format) && texts.printed === '';
  const destinations = settings.destinations.filter(({ to }) => (isPublishing(to) ? allowed : !isEmpty));
  const ping = allowed ? settings.ping : undefined;
  const means = { limit: ping === undefined ? budget.deliver : beforePing(budget.deliver), log };
  const ends = await Promise.allSettled(destinations.map((destination) => deliver(texts, destination, means)));
  signal.throwIfAborted();
  if (found.state !== undefined) await keep(found.state, clusters, world);

  const rejected = ends.flatMap((end) => (end.status === 'rejected' ? [asError(end.reason)] : []));
  const undelivered = [
    ...(gate.publishing === 'unknown' ? [gate.why] : []),
    ...rejected.filter(isForeseen).map(({ message }) => message),
  ];
  const failures = clusters.flatMap((cluster) => failuresOf(cluster, live));
  // the verdict of a plugin contains them
  const unseen = settings.check || isShown(settings, world) ? [] : failures;
  for (const failure of [...shorten(unseen), ...undelivered]) log.failure(failure);
  if (ping !== undefined) await call(ping, failures.length + rejected.length > 0, budget.deliver, log);
  const bug = rejected.find((error) => !isForeseen(error));
  if (bug !== undefined) throw bug;
  if (undelivered.length > 0) return EXIT.undelivered;
  if (settings.check) return CHECK_EXIT[worstStatus(clusters)];
  if (clusters.length > 0 && clusters.every(({ document }) => document === null)) return EXIT.undelivered;
  return failures.length > 0 ? EXIT.collectorFailed : EXIT.ok;
}

/** Failures printed on stderr: a terminal or a mail should not get thousands of lines. The printed document has all of them. */
const MOST_FAILURES = 20;

function shorten(failures: readonly string[]): readonly string[] {
  const more = failures.length - MOST_FAILURES;
  if (more <= 0) return failures;
  return [...failures.slice(0, MOST_FAILURES), `${more} more failures, all of them in the output`];
}

/** Whether only the leader delivers there. */
function isPublishing(to: Destination['to']): boolean {
  return to === 'configmap' || to === 'pushgateway';
}

const MOST_FOR_PING = 3000;

/** The other deliveries leave time for the ping, because it must also report one that hangs. */
function beforePing(limit: Limit): Limit {
  const left = limit.deadline.remaining();
  return within(limit, left - Math.min(MOST_FOR_PING, left * 0.3));
}

/** Calls the dead-man service. A failure does not change the exit status: the service raises its alarm by itself. */
async function call(to: Ping, failed: boolean, limit: Limit, log: Log): Promise<void> {
  const { ping } = await import('./deliveries/ping.ts');
  try {
    await ping(to, failed, limit, log);
  } catch (error) {
    if (!isForeseen(error)) throw error;
    log.failure(asError(error).message);
  }
}

function sourceOf({ from, inputs }: Settings): keyof typeof sources {
  if (from !== undefined) return 'configMaps';
  return inputs.length === 0 ? 'live' : 'saved';
}

/** @throws UsageError if no cluster has the name in --details. */
function checkDetails(wanted: string | undefined, clusters: readonly Judged[]): void {
  if (wanted === undefined || clusters.some((cluster) => isCalled(cluster, wanted))) return;
  throw new UsageError(
    `--details: no cluster is called "${wanted}"; the clusters are ${some(clusters.map(({ name }) => name))}`,
  );
}

/** This node leaves collecting and publishing to the leader: what it wrote while it was the leader must not look current. */
async function stepBack(
  { stepsBack, node }: SteppedBack,
  { destinations, format, check }: Settings,
  { log, redact, now }: World,
  { deadline }: Limit,
): Promise<ExitStatus> {
  log.note(stepsBack);
  if (check) await printText(pluginLine('OK', redact(stepsBack)), deadline);
  const file = destinations.find((destination) => destination.to === 'file');
  if (file === undefined) return EXIT.ok;
  const { retireOutput } = await import('./deliveries/retire.ts');
  await retireOutput(file.path, format, node, Math.floor(now() / 1000), log);
  return EXIT.ok;
}

function judged(cluster: Cluster, live: boolean, thresholds: Thresholds, now: number, memory?: Memory): Judged {
  if (cluster.document === null) return cluster;
  const read = withWal(cluster.document);
  const health = judge(read, thresholds, now, memory);
  // a saved document is not cut again
  if (!live) return { ...cluster, document: { ...cluster.document, health } };
  const fitted = fitDocument({ ...read, health });
  return { ...cluster, document: { ...fitted, health: fitted.health ?? health } };
}

async function keep(
  { path, patroni, memory, fingerprint }: Recalled,
  [cluster]: readonly Judged[],
  { log }: World,
): Promise<void> {
  if (!cluster?.document) return;
  const [{ keepState }, { nextMemory }, { remember }] = await Promise.all([
    import('./deliveries/state.ts'),
    import('./document/remembered.ts'),
    import('./health/remember.ts'),
  ]);
  const { document } = cluster;
  const walg = fingerprint === undefined ? {} : { walg_environment: fingerprint };
  keepState(path, { ...nextMemory(document, patroni, memory), ...remember(document, memory), ...walg }, log);
}

/** What failed in this run. The failures in a saved document belong to another run. */
function failuresOf({ origin, document, error }: Judged, live: boolean): string[] {
  if (document === null) return [errorOf(origin, error)];
  if (!live) return [];
  return Object.entries(document.collectors ?? {}).flatMap(([name, collector]) =>
    collector === null || collector.ok ? [] : [`${name}: ${collector.error ?? 'failed'}`],
  );
}

/** The failures are already in the report on this terminal, so stderr, the same terminal, does not repeat them. */
function isShown({ destinations, format }: Settings, { terminal, showsProgress }: World): boolean {
  const printed = terminal !== undefined && showsProgress && destinations.some(({ to }) => to === 'stdout');
  return printed && (format === 'report' || format === 'nagios');
}

const USUAL_COLUMNS = 80;

function renderingFor(
  { destinations, color, walgCompat, details }: Settings,
  { terminal, environment }: World,
  now: number,
  isList: boolean,
): Rendering {
  const shown = destinations.some(({ to }) => to === 'file') ? undefined : terminal;
  return {
    columns: shown?.columns ?? (Number(environment['COLUMNS']) || USUAL_COLUMNS),
    colour: wantsColour(color, shown !== undefined, environment),
    indented: shown !== undefined,
    now,
    walgCompat,
    details,
    isList,
  };
}
