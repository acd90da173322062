import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { NODE1 } from '../stand-ins/host.ts';
import { startPatroni } from '../stand-ins/patroni.ts';
import { startReceiver } from '../stand-ins/receiver.ts';
import { postgresStatus, standInWalg, writeEnvdir } from './command.ts';
import { openFolder, seriesOf, SILENCE, type Series } from './metrics.ts';
import { freePorts, startDaemon, tail, until } from './processes.ts';
import { endAfterwards } from './teardown.ts';

const LOGIN = { authorization: `Basic ${Buffer.from('metrics:s3cr3ts').toString('base64')}` };
/** The password in bcrypt, of the lowest cost. */
const USERS = 'basic_auth_users:\n  metrics: $2b$04$GoSsXBWR8raWsiyHrSUCLO11ObC7SAw6j9DqJN0gdGyoll2.yHXL.\n';
const JOB = 'job="postgres-status"';
const EXAMPLE = resolve(import.meta.dirname, '../../examples/kubernetes/cronjob-pushgateway.yaml');

interface CronJob {
  spec: {
    jobTemplate: { spec: { template: { spec: { containers: { args: string[]; env: { name: string }[] }[] } } } };
  };
}

describe('a real Pushgateway, below a path and with basic authentication', () => {
  const ends = endAfterwards();
  let folder: string;
  let base: string;

  beforeAll(async () => {
    folder = openFolder('pushgateway');
    writeFileSync(join(folder, 'users.yml'), USERS);
    const [port = 0] = await freePorts(1);
    const address = `127.0.0.1:${String(port)}`;
    base = `http://${address}/push`;
    const log = join(folder, 'pushgateway.log');
    const flags = [`--web.listen-address=${address}`, '--web.route-prefix=/push'];
    const command = ['prometheus-pushgateway', ...flags, `--web.config.file=${join(folder, 'users.yml')}`];
    const gateway = ends(startDaemon(command, { user: 'prometheus', log }));
    await until('a Pushgateway that answers', async () => {
      if (!gateway.running()) throw new Error(tail(log));
      return (await ask('/-/ready')).ok || undefined;
    });
  });

  afterEach(async () => {
    for (const group of await groups()) {
      const pairs = Object.entries(group).filter(([name]) => name !== 'job');
      const path = pairs.map(([name, value]) => `/${name}@base64/${Buffer.from(value).toString('base64url') || '='}`);
      await ask(`/metrics/job/${group['job'] ?? ''}${path.join('')}`, { method: 'DELETE' });
    }
    expect(await groups()).toEqual([]);
  });

  const ask = (path: string, request: { method?: string; body?: string } = {}) =>
    fetch(`${base}${path}`, { ...request, headers: LOGIN });

  /** The labels of each group. */
  async function groups(): Promise<Record<string, string>[]> {
    const { data } = (await (await ask('/api/v1/metrics')).json()) as { data: { labels: Record<string, string> }[] };
    return data.map(({ labels }) => labels);
  }

  const scrape = async (): Promise<Series> => seriesOf(await (await ask('/metrics')).text());

  /** The options of a host that pushes, with the URL and its password in the WAL-G environment. */
  async function host(): Promise<string[]> {
    const patroni = await startPatroni(NODE1);
    onTestFinished(patroni.close);
    const variables = { POSTGRES_STATUS_PUSHGATEWAY: base.replace('//', '//metrics:s3cr3ts@') };
    const environment = writeEnvdir(join(folder, 'env'), { ...standInWalg(join(folder, 'wal-g')), ...variables });
    return ['--env', environment, '--patroni-url', patroni.url, '--leader-api', 'never', '--metrics-compat', 'walg'];
  }

  test('has every series that the run would print, and the time of the push', async () => {
    const args = await host();
    const { stdout } = await postgresStatus([...args, '--format', 'prometheus']);
    const scraped = await scrape();
    const printed = [...seriesOf(stdout)];
    expect(printed.length).toBeGreaterThan(80);
    const pushed = ([series, value]: [string, number]) => [withJob(series), value] as const;
    expect(printed.map(pushed).filter(([series, value]) => scraped.get(series) !== value)).toEqual([]);
    const time = scraped.get(`push_time_seconds{instance="",${JOB},scope="demo"}`) ?? 0;
    expect(Math.abs(Date.now() / 1000 - time)).toBeLessThan(60);
    expect(scraped.get(`push_failure_time_seconds{instance="",${JOB},scope="demo"}`)).toBe(0);
  });

  test('the pod of cronjob-pushgateway.yaml also calls a dead-man service, and prints nothing', async () => {
    const [cronJob] = parseAllDocuments(readFileSync(EXAMPLE, 'utf8')).map((document) => document.toJS() as CronJob);
    const [container] = cronJob?.spec.jobTemplate.spec.template.spec.containers ?? [];
    const [, ...args] = container?.args ?? [];
    const [, , , url = ''] = await host();
    const deadMan = await startReceiver();
    const given = args.map((arg) => arg.replace(/^--patroni-url=.*/, `--patroni-url=${url}`));
    const variables: Record<string, string> = {
      POSTGRES_STATUS_PUSHGATEWAY: base.replace('//', '//metrics:s3cr3ts@'),
      POSTGRES_STATUS_PING: `${deadMan.url}/7c3c832e-95136f2`,
    };
    expect(container?.env.map(({ name }) => name)).toEqual(Object.keys(variables));
    const environment = { ...standInWalg(join(folder, 'wal-g')), POSTGRES_STATUS_LEADER_API: 'never', ...variables };
    expect(await postgresStatus(given, environment)).toEqual(SILENCE);
    expect(await groups()).toEqual([{ job: 'postgres-status', scope: 'postgres-main' }]);
    expect(deadMan.received.map(({ method, url: path }) => [method, path])).toEqual([['GET', '/7c3c832e-95136f2']]);
  });

  test('keeps no series of an earlier push', async () => {
    const args = [...(await host()), '--quiet'];
    expect(await postgresStatus(args)).toEqual(SILENCE);
    const backups = `walg_backups{backup_type="full",instance="",${JOB},scope="demo"}`;
    expect((await scrape()).get(backups)).toBe(4);
    expect(await postgresStatus([...args, '--collect', 'patroni'])).toEqual(SILENCE);
    expect((await scrape()).has(backups)).toBe(false);
  });

  test('has one group for each name of a cluster, whatever characters the name has', async () => {
    const args = [...(await host()), '--quiet', '--collect', 'patroni'];
    const names = ['team/a', 'a b', '100%', 'a+b', 'zürich', '..', 'db1:8008', 'a?b#c', 'a\\b"c'];
    for (const name of names) expect(await postgresStatus([...args, '--scope', name])).toEqual(SILENCE);
    expect((await groups()).map(({ scope }) => scope).sort()).toEqual(names.toSorted());
    const up = [...(await scrape()).keys()].filter((series) => series.startsWith('postgres_status_up{'));
    expect(up).toHaveLength(names.length);
  });

  test('rejects metrics that contradict another group: its message is shown, and the document is still printed', async () => {
    const foreign = '# TYPE postgres_status_up counter\npostgres_status_up 7\n';
    expect((await ask('/metrics/job/foreign', { method: 'PUT', body: foreign })).status).toBe(200);
    const { status, stdout, stderr } = await postgresStatus([...(await host()), '--collect', 'patroni']);
    expect(status).toBe(3);
    expect(stderr).toMatch(
      /^postgres-status: not pushed to http:\/\/127\.0\.0\.1:\d+: the Pushgateway rejects the metrics \(HTTP 400\): pushed metrics are invalid or inconsistent with existing metrics: .*postgres_status_up.*\n$/,
    );
    expect(JSON.parse(stdout)).toMatchObject({ node: { name: 'node1' } });
  });

  test('requires a login: the message says where to put it', async () => {
    const args = [...(await host()), '--quiet', '--collect', 'patroni', '--pushgateway', base];
    expect(await postgresStatus(args)).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(
        /: HTTP 401: it asks for a login: put the user name and the password into the URL, in the variable or the file of --pushgateway\n$/,
      ) as string,
    });
  });
});

/** The labels that the group adds, in the order of their names. */
function withJob(series: string): string {
  const [, name = '', labels = ''] = /^(\w+)\{(.*)\}$/.exec(series) ?? [];
  const all = [...(labels.match(/\w+="(?:[^"\\]|\\.)*"/g) ?? []), 'instance=""', JOB];
  return `${name}{${all.sort().join(',')}}`;
}
