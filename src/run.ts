import { deliver } from './deliveries/index.ts';
import type { Destination } from './deliveries/delivery.ts';
import type { Ping } from './deliveries/ping.ts';
import { printText } from './deliveries/stdout.ts';
import { isCalled, worstStatus, type Judged } from './document/cluster.ts';
import type { Recalled } from './document/memory.ts';
import { STATE_NUMBERS } from './document/status.ts';
import { asError, isForeseen, UsageError } from './errors.ts';
import { type Style, Writer } from './formats/format.ts';
import { type FormatName, formats, isForZabbix } from './formats/index.ts';
import { pluginLine } from './formats/nagios/plugin-line.ts';
import type { Settings } from './options/settings.ts';
import { type Seen, seeing } from './see.ts';
import { sources } from './sources/index.ts';
import type { SteppedBack } from './sources/source.ts';
import { divideBudget, type Limit, within } from './system/deadline.ts';
import type { Log } from './system/log.ts';
import { wantsColour } from './text/colour.ts';
import { some } from './text/words.ts';
import type { World } from './world.ts';

export const EXIT = { ok: 0, collectorFailed: 1, usage: 2, undelivered: 3 } as const;
/** With --check: that of a monitoring plugin. */
export const CHECK_EXIT = STATE_NUMBERS;
export type ExitStatus = 0 | 1 | 2 | 3;

/** The story of a run: get the clusters, judge and format each of them, deliver the texts, and return the exit status. */
export async function run(settings: Settings, world: World): Promise<ExitStatus> {
  const { log, signal, redact } = world;
  const { thresholds, now } = settings;
  const budget = divideBudget(settings.timeout, signal);

  const name = sourceOf(settings);
  const [source, format] = await Promise.all([sources[name](), formats[settings.format]()]);
  const style = styleFor(settings, world);
  const writer = new Writer(format, style);
  const see = seeing({ live: name === 'live', thresholds, now, clock: world.now, redact, writer });
  const found = await source(settings, world, budget, see);
  if (found.clusters === undefined) return stepBack(found, settings, world, budget.deliver);
  const { clusters, isList, gate } = found;
  signal.throwIfAborted();
  if (settings.format === 'report') checkDetails(settings.details, clusters);

  if (gate.publishing === 'refused') log.note(gate.why);
  const allowed = gate.publishing === 'allowed';
  const pieces = clusters.map(({ piece }) => piece);
  const collected = pieces.flatMap((piece) => ('whole' in piece ? [piece.whole] : []));
  const rest = { isList, ...(settings.publishes && { publishes: allowed }) };
  const goesTo = (wanted: Destination['to']) => allowed && settings.destinations.some(({ to }) => to === wanted);
  const inFormat = async (other: FormatName) =>
    new Writer(await formats[other](), { ...style, indented: false }).text(pieces, rest);
  const texts = {
    published: goesTo('configmap') ? (await inFormat('json')).trimEnd() : '',
    printed: writer.text(pieces, rest),
    metrics: goesTo('pushgateway') ? await inFormat('prometheus') : '',
    cluster: clusters[0]?.name ?? '',
    labels: goesTo('configmap') ? (await import('./formats/labels.ts')).labelsOf(collected) : {},
  };
  // Zabbix would take an empty value for an empty list of clusters
  const isEmpty = isForZabbix(settings.format) && texts.printed === '';
  const destinations = settings.destinations.filter(({ to }) => (isPublishing(to) ? allowed : !isEmpty));
  const ping = allowed ? settings.ping : undefined;
  const means = { limit: ping === undefined ? budget.deliver : beforePing(budget.deliver), log };
  const ends = await Promise.allSettled(destinations.map((destination) => deliver(texts, destination, means)));
  signal.throwIfAborted();
  if (found.state !== undefined) await keep(found.state, collected, world);

  const rejected = ends.flatMap((end) => (end.status === 'rejected' ? [asError(end.reason)] : []));
  const undelivered = [
    ...(gate.publishing === 'unknown' ? [gate.why] : []),
    ...rejected.filter(isForeseen).map(({ message }) => message),
  ];
  const failures = clusters.flatMap((cluster) => cluster.failures);
  // the verdict of a plugin contains them
  const unseen = settings.check || isShown(settings, world) ? [] : failures;
  for (const failure of [...shorten(unseen), ...undelivered]) log.failure(failure);
  if (ping !== undefined) await call(ping, failures.length + rejected.length > 0, budget.deliver, log);
  const bug = rejected.find((error) => !isForeseen(error));
  if (bug !== undefined) throw bug;
  if (undelivered.length > 0) return EXIT.undelivered;
  if (settings.check) return CHECK_EXIT[worstStatus(clusters)];
  if (clusters.length > 0 && !clusters.some(({ isRead }) => isRead)) return EXIT.undelivered;
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
function checkDetails(wanted: string | undefined, clusters: readonly Seen[]): void {
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

/** The failures are already in the report on this terminal, so stderr, the same terminal, does not repeat them. */
function isShown({ destinations, format }: Settings, { terminal, showsProgress }: World): boolean {
  const printed = terminal !== undefined && showsProgress && destinations.some(({ to }) => to === 'stdout');
  return printed && (format === 'report' || format === 'nagios');
}

const USUAL_COLUMNS = 80;

function styleFor({ destinations, color, walgCompat, details }: Settings, { terminal, environment }: World): Style {
  const shown = destinations.some(({ to }) => to === 'file') ? undefined : terminal;
  return {
    columns: shown?.columns ?? (Number(environment['COLUMNS']) || USUAL_COLUMNS),
    colour: wantsColour(color, shown !== undefined, environment),
    indented: shown !== undefined,
    walgCompat,
    details,
  };
}
