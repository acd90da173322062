import { deliveries } from './deliveries/index.ts';
import { asError } from './errors.ts';
import { formats } from './formats/index.ts';
import type { Settings } from './options/settings.ts';
import { patroniClient, type Patroni } from './patroni/client.ts';
import { leads } from './patroni/replies.ts';
import { collectDocument } from './sources/live.ts';
import { divideBudget, graceWithin } from './system/deadline.ts';
import type { Log } from './system/log.ts';
import type { Redact } from './system/redact.ts';
import { walgClient } from './walg/client.ts';

export const EXIT = { ok: 0, collectorFailed: 1, usage: 2, undelivered: 3 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** What the run takes from the world around it. */
export interface World {
  environment: NodeJS.ProcessEnv;
  log: Log;
  redact: Redact;
  /** Aborted when the run itself is being ended. */
  signal: AbortSignal;
  /** stdout is a terminal, with a person at it. */
  terminal: boolean;
  /** Epoch milliseconds. */
  now: () => number;
}

/** The story of a run: ask who leads, collect, render, deliver, and say how it went. */
export async function run(settings: Settings, world: World): Promise<ExitStatus> {
  const { environment, log, redact, signal, now } = world;
  const budget = divideBudget(settings.timeout);
  const grace = graceWithin(settings.timeout);
  const patroni = patroniClient(settings.patroni, budget.collect, signal, log);
  const { path, environment: walgEnvironment } = settings.walg;
  const { variables } = walgEnvironment;
  const walg = walgClient({ path, environment, variables }, budget.collect, signal, grace, log);

  const { stepsBack, unknown } = await standing(settings, patroni);
  if (stepsBack !== undefined) {
    log.note(stepsBack);
    return EXIT.ok;
  }

  const { collectors: names } = settings;
  const document = await collectDocument({
    names,
    sources: { patroni, walg },
    deadline: budget.collected,
    redact,
    now,
  });
  signal.throwIfAborted();

  const format = await formats.json();
  const texts = {
    published: format(document, { indented: false }).trimEnd(),
    printed: format(document, { indented: world.terminal }),
  };
  const asked = unknown === undefined ? settings : { ...settings, publish: undefined };
  // half the grace, so that a kubectl that must be killed is gone before the run's own end
  const means = { deadline: budget.deliver, signal, grace: grace / 2, environment, log };
  const ends = await Promise.allSettled(deliveries.flatMap((deliver) => deliver(texts, asked, means) ?? []));
  signal.throwIfAborted();

  const undelivered = [
    ...(unknown === undefined ? [] : [unknown]),
    ...ends.flatMap((end) => (end.status === 'rejected' ? [asError(end.reason).message] : [])),
  ];
  const uncollected = Object.entries(document.collectors ?? {}).flatMap(([name, collector]) =>
    collector === null || collector.ok ? [] : [`${name}: ${collector.error ?? 'failed'}`],
  );
  for (const failure of [...uncollected, ...undelivered]) log.failure(failure);
  if (undelivered.length > 0) return EXIT.undelivered;
  return uncollected.length > 0 ? EXIT.collectorFailed : EXIT.ok;
}

interface Standing {
  /** Why publishing is left to somebody else. */
  stepsBack?: string;
  /** Why nobody can tell: then the document goes stale, and its consumer's alarm rings. */
  unknown?: string;
}

/** Whether this node is the one that publishes (contract: the leader alone), where publishing was asked for. */
async function standing({ publish, publishFrom }: Settings, patroni: Patroni): Promise<Standing> {
  if (publish === undefined || publishFrom === 'any') return {};
  try {
    const { role, patroni: member } = await patroni.node();
    if (leads(role)) return {};
    return { stepsBack: `${member.name ?? 'this node'} has the role ${role}: publishing is left to the leader` };
  } catch (error) {
    return { unknown: `not published, for whether this node leads could not be learnt: ${asError(error).message}` };
  }
}
