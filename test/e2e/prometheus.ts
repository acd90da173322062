import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { freePorts, startDaemon, tail, until } from './processes.ts';

/** The text to scrape, and the labels that the scrape adds. */
export interface Target {
  exposition: string;
  labels: Readonly<Record<string, string>>;
}

const labels = z.record(z.string(), z.string());
const series = z.object({ result: z.array(z.object({ metric: labels })) });
const rules = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ health: z.string(), lastEvaluation: z.string() })) })),
});
const alerts = z.object({
  alerts: z.array(z.object({ labels, annotations: labels, state: z.enum(['pending', 'firing']) })),
});

export type Prometheus = Awaited<ReturnType<typeof startPrometheus>>;

/** Starts a real Prometheus that scrapes these texts each second and evaluates the rules; resolves after it has done both once. */
export async function startPrometheus(folder: string, targets: readonly Target[], ruleFile: string) {
  const exporter = createServer(({ url }, reply) => {
    const found = targets[Number(url?.slice(1))];
    reply.setHeader('Content-Type', 'text/plain; version=0.0.4').end(found?.exposition);
  }).listen(0, '127.0.0.1');
  await once(exporter, 'listening');
  const [port = 0] = await freePorts(1);
  const config = join(folder, 'prometheus.yml');
  const log = join(folder, 'prometheus.log');
  const scraped = `127.0.0.1:${String((exporter.address() as AddressInfo).port)}`;
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [ruleFile],
      scrape_configs: [
        {
          job_name: 'postgres-status',
          honor_labels: true,
          static_configs: targets.map((target, index) => ({
            targets: [scraped],
            labels: { __metrics_path__: `/${String(index)}`, ...target.labels },
          })),
        },
      ],
    }),
  );
  const daemon = startDaemon(
    [
      ...['prometheus', `--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`],
      ...[`--web.listen-address=127.0.0.1:${String(port)}`, '--log.level=warn'],
    ],
    { log },
  );

  async function ask<Answer>(answer: z.ZodType<Answer>, path: string, parameters: Record<string, string> = {}) {
    const url = `http://127.0.0.1:${String(port)}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`;
    // not fetch: after collecting in this process, the global fetch classes are replaced (src/patroni/ky.ts)
    const [response] = (await once(get(url), 'response')) as [IncomingMessage];
    const body = z.object({ data: z.unknown(), error: z.string().optional() }).parse(JSON.parse(await text(response)));
    if (response.statusCode !== 200) throw new Error(`${url}: ${body.error ?? ''}`);
    return answer.parse(body.data);
  }

  /** The labels of each series that the query returns, now or (`overTime`) at any time in the last seconds. */
  const query = async (expr: string, overTime = false) => {
    const now = Date.now() / 1000;
    const range = { start: String(now - 10), end: String(now), step: '1' };
    const { result } = await ask(series, overTime ? 'query_range' : 'query', { query: expr, ...(overTime && range) });
    return result.map(({ metric }) => metric);
  };

  async function end(): Promise<void> {
    await daemon.end();
    exporter.close();
    exporter.closeAllConnections();
  }

  try {
    await until('a Prometheus that has scraped everything twice', async () => {
      if (!daemon.running()) throw new Error(tail(log));
      const twice = await query('count_over_time(up[1m]) >= 2 and up == 1');
      return twice.length === targets.length || undefined;
    });
    const since = Date.now();
    await until('a Prometheus that has evaluated every rule', async () => {
      const { groups } = await ask(rules, 'rules');
      const evaluated = groups.flatMap((group) => group.rules).every((one) => Date.parse(one.lastEvaluation) > since);
      return evaluated || undefined;
    });
  } catch (error) {
    await end();
    throw error;
  }
  // so that the query does not run between two rules of one evaluation
  await sleep(200);

  return {
    query,
    end,
    alerts: async () => (await ask(alerts, 'alerts')).alerts,
    unhealthyRules: async () =>
      (await ask(rules, 'rules')).groups.flatMap((group) => group.rules).filter(({ health }) => health !== 'ok'),
    labelValues: (label: string, match: string) =>
      ask(z.array(z.string()), `label/${label}/values`, { 'match[]': match }),
  };
}
