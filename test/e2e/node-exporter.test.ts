import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import type { StatusDocument } from '../../src/document/schema.ts';
import { postgresStatus, standInWalg, writeEnvdir } from './command.ts';
import { openFolder, promtool, seriesOf, SILENCE, type Series } from './metrics.ts';
import { SCOPE, startCluster, type Member } from './patroni-cluster.ts';
import { freePorts, startDaemon, tail, until } from './processes.ts';
import { endAfterwards } from './teardown.ts';

describe('a real node_exporter', () => {
  const ends = endAfterwards();
  let textfiles: string;
  let environment: string;
  let leader: Member;
  let address: string;
  let log: string;

  beforeAll(async () => {
    textfiles = openFolder('textfiles');
    const folder = openFolder('node-exporter');
    const cluster = ends(await startCluster(join(folder, 'patroni'), { members: 1 }));
    leader = await cluster.leader();
    environment = writeEnvdir(join(folder, 'wal-g.d/env'), standInWalg(join(folder, 'wal-g')));
    const [port = 0] = await freePorts(1);
    address = `http://127.0.0.1:${String(port)}/metrics`;
    log = join(folder, 'node-exporter.log');
    const exporter = ends(
      startDaemon(
        [
          ...['prometheus-node-exporter', `--web.listen-address=127.0.0.1:${String(port)}`],
          ...['--collector.disable-defaults', '--collector.textfile', `--collector.textfile.directory=${textfiles}`],
        ],
        // the user of its package, which is neither root nor the owner of the files
        { user: 'prometheus', log },
      ),
    );
    await until('a node_exporter that answers', () => {
      if (!exporter.running()) throw new Error(tail(log));
      return fetch(address);
    });
  });

  const metrics = (name: string) => [
    ...['--format', 'prometheus', '--metrics-compat', 'walg'],
    ...['--output', join(textfiles, `${name}.prom`)],
  ];

  /** Every series of the file is in the scrape, with its labels and its value. */
  async function expectScraped(name: string, scope: string): Promise<Series> {
    const file = join(textfiles, `${name}.prom`);
    const text = readFileSync(file, 'utf8');
    expect(await promtool(text)).toEqual(SILENCE);
    const written = [...seriesOf(text)];
    expect(written.filter(([series]) => !series.includes(`scope="${scope}"`))).toEqual([]);
    const scraped = seriesOf(await (await fetch(address)).text());
    expect(scraped.get('node_textfile_scrape_error{}')).toBe(0);
    expect(scraped.get(`node_textfile_mtime_seconds{file="${file}"}`)).toBeGreaterThan(0);
    expect(written.filter(([series, value]) => scraped.get(series) !== value)).toEqual([]);
    // a series that occurs in two files is dropped with only a line in the log (measured: 1.5.0)
    expect(readFileSync(log, 'utf8')).not.toContain('level=error');
    return scraped;
  }

  test('reads what a live run wrote', async () => {
    const live = ['--env', environment, '--patroni-url', leader.url, ...metrics('live')];
    expect(await postgresStatus(live)).toEqual(SILENCE);
    const scraped = await expectScraped('live', SCOPE);
    expect(scraped.get(`postgres_status_up{scope="${SCOPE}"}`)).toBe(1);
    expect(scraped.get(`walg_backups{backup_type="full",scope="${SCOPE}"}`)).toBe(4);
    expect(scraped.get(`postgres_status_check_state{check="leader",scope="${SCOPE}"}`)).toBe(0);
  });

  test('reads those of two clusters side by side', async () => {
    const { stdout } = await postgresStatus(['--env', environment, '--patroni-url', leader.url]);
    const saved = join(inject('workshop'), 'node-exporter/saved.json');
    writeFileSync(saved, JSON.stringify(ofScope('another', JSON.parse(stdout) as StatusDocument)));
    expect(await postgresStatus(['--input', saved, ...metrics('another')])).toEqual(SILENCE);
    await expectScraped('another', 'another');
    await expectScraped('live', SCOPE);
  });

  test('reads the metrics of a run in which every collector failed', async () => {
    const blind = ['--patroni-url', 'http://127.0.0.1:1', '--wal-g', '/nowhere/wal-g', ...metrics('blind')];
    expect(await postgresStatus(blind)).toMatchObject({ status: 1, stdout: '' });
    const scraped = await expectScraped('blind', '127.0.0.1:1');
    expect(scraped.get('postgres_status_up{scope="127.0.0.1:1"}')).toBe(0);
    await expectScraped('live', SCOPE);
  });
});

function ofScope(scope: string, { cluster_status, node, ...others }: StatusDocument): StatusDocument {
  return {
    ...others,
    cluster_status: { ...cluster_status, scope },
    ...(node !== undefined && { node: node && { ...node, scope } }),
  };
}
