import { deliveries } from './deliveries/index.ts';
import { printText } from './deliveries/stdout.ts';
import { fitDocument } from './document/fit.ts';
import type { StatusDocument } from './document/schema.ts';
import { asError } from './errors.ts';
import { formats, type Rendering } from './formats/index.ts';
import { pluginLine } from './formats/nagios/plugin-line.ts';
import { judge } from './health/index.ts';
import type { Settings } from './options/settings.ts';
import { loadThresholds } from './options/thresholds.ts';
import { sources } from './sources/index.ts';
import { divideBudget, graceWithin } from './system/deadline.ts';
import type { World } from './world.ts';

export const EXIT = { ok: 0, collectorFailed: 1, usage: 2, undelivered: 3 } as const;
/** With --check: that of a monitoring plugin. */
export const CHECK_EXIT = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;
export type ExitStatus = 0 | 1 | 2 | 3;

/** The story of a run: get the document, judge it, render it, deliver it, and say how it went. */
export async function run(settings: Settings, world: World): Promise<ExitStatus> {
  const { environment, log, signal } = world;
  const budget = divideBudget(settings.timeout);
  const grace = graceWithin(settings.timeout);
  const thresholds = await loadThresholds(settings.thresholds);

  const live = settings.input === undefined;
  const source = live ? await sources.live() : await sources.saved();
  const { stepsBack, document: found, undelivered: unpublished } = await source(settings, world, budget, grace);
  if (found === undefined) {
    log.note(stepsBack);
    if (settings.check) await printText(pluginLine('OK', stepsBack), budget.deliver);
    return EXIT.ok;
  }
  signal.throwIfAborted();

  // what was just collected is judged as of then: how long the run took does not change the verdict
  const now = settings.now ?? (live ? found.current_timestamp * 1000 : world.now());
  const health = judge(found, thresholds, now);
  const judged = { ...found, health };
  // what was saved comes back as it was
  const document = live ? fitDocument(judged) : judged;

  const rendering = renderingFor(settings, world, now);
  const texts = {
    published: (await formats.json())(document, { ...rendering, indented: false }).trimEnd(),
    printed: (await formats[settings.format]())(document, rendering),
  };
  const asked = unpublished === undefined ? settings : { ...settings, publish: undefined };
  // half the grace, so that a kubectl that must be killed is gone before the run's own end
  const means = { deadline: budget.deliver, signal, grace: grace / 2, environment, log };
  const ends = await Promise.allSettled(deliveries.flatMap((deliver) => deliver(texts, asked, means) ?? []));
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
  { output, color, walgCompat, publish }: Settings,
  { terminal, environment }: World,
  now: number,
): Rendering {
  const shown = output === undefined ? terminal : undefined;
  const plain = Boolean(environment['NO_COLOR']) || environment['TERM'] === 'dumb';
  return {
    columns: shown?.columns ?? (Number(environment['COLUMNS']) || USUAL_COLUMNS),
    colour: color === 'always' || (color === 'auto' && shown !== undefined && !plain),
    indented: shown !== undefined,
    now,
    walgCompat,
    scope: publish?.name.replace(/^status-/, ''),
  };
}
