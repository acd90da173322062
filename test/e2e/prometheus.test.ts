import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { situations, type SituationName } from '../formats/situations.ts';
import { postgresStatus } from './command.ts';
import { openFolder, SILENCE } from './metrics.ts';
import { startPrometheus, type Prometheus, type Target } from './prometheus.ts';
import { endAfterwards } from './teardown.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../examples');
const RECORDED = resolve(import.meta.dirname, '../fixtures/real');
/** Metrics of documents with all facts. */
const MOMENTS = readdirSync(RECORDED).filter((name) => readdirSync(join(RECORDED, name)).includes('document.json'));
/** A cluster of which everything is known: three members, changes of the leader, backups. */
const WHOLE = '11a-replica-stopped-3s';

const dashboard = z.object({
  templating: z.object({
    list: z.array(z.object({ type: z.string(), name: z.string(), definition: z.string().optional() })),
  }),
  panels: z.array(
    z.object({
      type: z.string(),
      title: z.string(),
      targets: z
        .array(
          z.object({ refId: z.string(), expr: z.string(), range: z.boolean(), legendFormat: z.string().optional() }),
        )
        .default([]),
      transformations: z
        .array(z.object({ options: z.object({ include: z.object({ names: z.array(z.string()) }).optional() }) }))
        .optional(),
    }),
  ),
});

const ALWAYS = ['PostgresStatusStale', 'PostgresWalMissing'];
/** Without the DCS, Patroni does not answer /cluster. */
const UNKNOWN = ['failovers', 'lag', 'members', 'replicas'];

describe('a real Prometheus that scrapes the metrics of recorded clusters', () => {
  const ends = endAfterwards();
  let prometheus: Prometheus;

  beforeAll(async () => {
    const folder = openFolder('prometheus');
    const targets: Target[] = [];
    for (const name of MOMENTS) {
      const document = readFileSync(join(RECORDED, name, 'document.json'), 'utf8');
      const exposition = await metricsOf(join(folder, name), document);
      // as a list of clusters that was read back
      targets.push({ exposition, labels: { context: 'recorded', namespace: name } });
    }
    for (const name of Object.keys(situations) as SituationName[]) {
      const { document } = await situations[name]();
      const exposition = await metricsOf(join(folder, name), JSON.stringify(document));
      // as a database host
      targets.push({ exposition, labels: { instance: name } });
    }
    prometheus = ends(await startPrometheus(folder, targets, join(EXAMPLES, 'alerts.rules.yaml')));
  });

  /** Judged at the time of collecting. */
  async function metricsOf(path: string, document: string): Promise<string> {
    writeFileSync(`${path}.json`, document);
    const { current_timestamp: collected } = JSON.parse(document) as { current_timestamp: number };
    const now = new Date(collected * 1000).toISOString();
    const render = ['--input', `${path}.json`, '--now', now, '--format', 'prometheus', '--output', `${path}.prom`];
    expect(await postgresStatus(render)).toEqual(SILENCE);
    return readFileSync(`${path}.prom`, 'utf8');
  }

  test('every rule can be evaluated', async () => {
    expect(await prometheus.unhealthyRules()).toEqual([]);
  });

  test('exactly the expected alerts fire for each recorded moment', async () => {
    const ringing = Object.fromEntries(MOMENTS.map((name): [string, string[]] => [name, []]));
    for (const { labels } of await prometheus.alerts()) {
      const { alertname = '', check } = labels;
      ringing[labels['namespace'] ?? '']?.push(
        alertname === 'PostgresStatusUnknown' ? `${alertname} ${check}` : alertname,
      );
    }
    for (const alerts of Object.values(ringing)) alerts.sort();
    // recorded long ago: all are stale, and lack WAL that was not archived at that moment or was lost earlier
    expect(ringing).toEqual({
      '04-after-failover-host-dead': ['PostgresMembersMissing', ...ALWAYS],
      '11a-replica-stopped-3s': ['PostgresReplicaBroken', ...ALWAYS],
      '14b-sync-standby-just-killed': ['PostgresCommitsHang', 'PostgresReplicaBroken', ...ALWAYS],
      '17a-dcs-down-1s-leader': [
        'PostgresDcsDown',
        'PostgresStatusCollectorFailed',
        'PostgresStatusStale',
        ...UNKNOWN.map((check) => `PostgresStatusUnknown ${check}`),
        'PostgresWalMissing',
      ],
      '29b-archive-command-empty': ['PostgresFailoversFrequent', ...ALWAYS],
      '31c-primary-side': ['PostgresFailoversFrequent', ...ALWAYS],
    });
  });

  describe.each(['fleet.json', 'cluster.json'])('examples/grafana/%s', (file) => {
    const { templating, panels } = dashboard.parse(JSON.parse(readFileSync(join(EXAMPLES, 'grafana', file), 'utf8')));
    const chosen: Record<string, string>[] = [
      { context: 'recorded', namespace: WHOLE, scope: 'demo' },
      // "All", for series without a context or a namespace
      { context: '.*', namespace: '.*', scope: 'demo' },
    ];

    test.each(templating.list.filter(({ type }) => type === 'query'))(
      '$name has values',
      async ({ name, definition }) => {
        const [, match = ''] = /^label_values\((.*), \w+\)$/.exec(definition ?? '') ?? [];
        const values = await prometheus.labelValues(name, fill(match, { context: '.*', namespace: '.*' }));
        expect(values).toContain({ context: 'recorded', namespace: WHOLE, scope: 'demo' }[name]);
      },
    );

    describe.each(chosen)('of $context, $namespace', (variables) => {
      test.each(panels.filter(({ type }) => type !== 'row'))('$title', async ({ type, targets, transformations }) => {
        const found = new Set<string>();
        for (const { refId, expr, range, legendFormat = '' } of targets) {
          const series = await prometheus.query(fill(expr, variables), range);
          expect(series.length, expr).toBeGreaterThan(0);
          const labels = new Set(series.flatMap((one) => Object.keys(one)));
          if (type !== 'table')
            for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(labels).toContain(label);
          for (const label of [...labels, targets.length === 1 ? 'Value' : `Value #${refId}`]) found.add(label);
        }
        const columns = transformations?.flatMap(({ options }) => options.include?.names ?? []) ?? [];
        expect(columns.filter((column) => !found.has(column))).toEqual([]);
      });
    });
  });
});

/** Replaces the variables as Grafana does. */
function fill(query: string, variables: Readonly<Record<string, string>>): string {
  return query.replaceAll(/\$(\w+)/g, (_, name: string) => variables[name] ?? '');
}
