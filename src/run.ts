import { deliver } from './deliveries/index.ts';
import { printText } from './deliveries/stdout.ts';
import { fitDocument } from './document/fit.ts';
import type { StatusDocument } from './document/schema.ts';
import { asError } from './errors.ts';
import { formats, type Rendering } from './formats/index.ts';
import { pluginLine } from './formats/nagios/plugin-line.ts';
import { judge } from './health/index.ts';
import type { Settings } from './options/settings.ts';
import { sources } from './sources/index.ts';
import { divideBudget } from './system/deadline.ts';
import type { World } from './world.ts';

export const EXIT = { ok: 0, collectorFailed: 1, usage: 2, undelivered: 3 } as const;
/** With --check: that of a monitoring plugin. */
export const CHECK_EXIT = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;
export type ExitStatus = 0 | 1 | 2 | 3;

/** The story of a run: get the document, judge it, render it, deliver it, and say how it went. */
export async function run(settings: Settings, world: World): Promise<ExitStatus> {
  const { log, signal } = world;
  const budget = divideBudget(settings.timeout, signal);

  const live = settings.input === undefined;
  const source = live ? await sources.live() : await sources.saved();
  const { stepsBack, document: found, undelivered: unpublished } = await source(settings, world, budget);
  if (found === undefined) {
    log.note(stepsBack);
    if (settings.check) await printText(pluginLine('OK', stepsBack), budget.deliver.deadline);
    return EXIT.ok;
  }
  signal.throwIfAborted();

  // what was just collected is judged as of then: how long the run took does not change the verdict
  const now = settings.now ?? (live ? found.current_timestamp * 1000 : world.now());
  const health = judge(found, settings.thresholds, now);
  const judged = { ...found, health };
  // what was saved comes back as it was
  const document = live ? fitDocument(judged) : judged;

  const rendering = renderingFor(settings, world, now);
  const texts = {
    published: (await formats.json())(document, { ...rendering, indented: false }).trimEnd(),
    printed: (await formats[settings.format]())(document, rendering),
  };
  const destinations = settings.destinations.filter(({ to }) => to !== 'configmap' || unpublished === undefined);
  const means = { limit: budget.deliver, log };
  const ends = await Promise.allSettled(destinations.map((destination) => deliver(texts, destination, means)));
  signal.throwIfAborted();

  const undelivered = [
    ...(unpublished === undefined ? [] : [unpublished]),
    ...ends.flatMap((end) => (end.status === 'rejected' ? [asError(end.reason).message] : [])),
  ];
  // a saved document's failures are told in it, and a plugin's in its verdict
  const uncollected = live && !settings.check ? failedCollectors(document) : [];
  for (const failure of [...uncollected, ...undelivered]) log.failure(failure);
  if (undelivered.length > 0) return EXIT.undelivered;
  if (settings.check) return CHECK_EXIT[health.status];
  return uncollected.length > 0 ? EXIT.collectorFailed : EXIT.ok;
}

function failedCollectors({ collectors }: StatusDocument): string[] {
  return Object.entries(collectors ?? {}).flatMap(([name, collector]) =>
    collector === null || collector.ok ? [] : [`${name}: ${collector.error ?? 'failed'}`],
  );
}

const USUAL_COLUMNS = 80;

function renderingFor(
  { destinations, color, walgCompat }: Settings,
  { terminal, environment }: World,
  now: number,
): Rendering {
  const shown = destinations.some(({ to }) => to === 'file') ? undefined : terminal;
  const published = destinations.find((destination) => destination.to === 'configmap')?.configMap;
  const plain = Boolean(environment['NO_COLOR']) || environment['TERM'] === 'dumb';
  return {
    columns: shown?.columns ?? (Number(environment['COLUMNS']) || USUAL_COLUMNS),
    colour: color === 'always' || (color === 'auto' && shown !== undefined && !plain),
    indented: shown !== undefined,
    now,
    walgCompat,
    scope: published?.name.replace(/^status-/, ''),
  };
}
