import type { Settings } from './options/settings.ts';
import { patroniClient } from './patroni/client.ts';
import { leads } from './patroni/replies.ts';
import { walgClient } from './walg/client.ts';
import { collectDocument } from './sources/live.ts';
import { formatJson } from './formats/json.ts';
import { publishConfigMap, ZABBIX_FINDS } from './deliveries/configmap.ts';
import { printText } from './deliveries/stdout.ts';
import { asError } from './errors.ts';
import { divideBudget, graceWithin } from './system/deadline.ts';
import type { Log } from './system/log.ts';
import type { Redact } from './system/redact.ts';

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

/** The story of a run: ask who leads, collect, publish, print, and say how it went. */
export async function run(settings: Settings, world: World): Promise<ExitStatus> {
  const { log, redact, signal, now } = world;
  const budget = divideBudget(settings.timeout);
  const grace = graceWithin(settings.timeout);
  const patroni = patroniClient(settings.patroni, budget.collect, signal, log);
  const { environment, path } = settings.walg;
  const walg = walgClient(
    { path, environment: world.environment, variables: environment.variables },
    budget.collect,
    signal,
    grace,
    log,
  );

  let { publish } = settings;
  const undelivered: string[] = [];
  if (publish && settings.publishFrom === 'leader') {
    const standing = await patroni.node().catch((error: unknown) => asError(error));
    if (standing instanceof Error) {
      undelivered.push(`not published, for whether this node leads could not be learnt: ${standing.message}`);
      publish = undefined;
    } else if (!leads(standing.role)) {
      log.note(`${standing.patroni.name ?? 'this node'} is ${standing.role}: publishing is left to the leader`);
      return EXIT.ok;
    }
  }

  const document = await collectDocument({
    names: settings.collectors,
    sources: { patroni, walg },
    deadline: budget.collected,
    redact,
    now,
  });
  signal.throwIfAborted();
  const failures = Object.entries(document.collectors ?? {}).flatMap(([name, run]) =>
    run === null || run.ok ? [] : [`${name}: ${run.error ?? 'failed'}`],
  );

  const deliveries = [
    ...(publish
      ? [publishConfigMap(formatJson(document, { indented: false }).trimEnd(), publish, budget.deliver, signal, grace)]
      : []),
    ...(settings.quiet ? [] : [printText(formatJson(document, { indented: world.terminal }), budget.deliver)]),
  ];
  for (const delivery of await Promise.allSettled(deliveries))
    if (delivery.status === 'rejected') undelivered.push(asError(delivery.reason).message);

  for (const failure of [...failures, ...undelivered]) log.failure(failure);
  if (publish && !ZABBIX_FINDS.test(publish.name))
    log.note(`Zabbix looks for status-postgres-… and status-citus-…: it will not find ${publish.name}`);
  if (undelivered.length > 0) return EXIT.undelivered;
  return failures.length > 0 ? EXIT.collectorFailed : EXIT.ok;
}
