import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { REVISION } from '../docs/zabbix/template.ts';
import { startApiServer, type ApiServer } from './api-server.ts';
import { openFolder } from './metrics.ts';
import { run, until, type Daemon } from './processes.ts';
import { endAfterwards } from './teardown.ts';
import { createRulesBefore, userParametersBefore } from './zabbix-before.ts';
import { healthy, troubles } from './zabbix-documents.ts';
import { startZabbix, type Zabbix } from './zabbix-server.ts';

const TEST = resolve(import.meta.dirname, '..');
const EXAMPLES = join(TEST, '../examples/zabbix');
const NAMESPACE = 'databases';
/** A name as those of kubeadm and cloud providers, and worse. */
const CONTEXT = 'kubernetes-admin@arn:aws:eks/prod 1';
const AGENT_HOST = 'database-monitor';
const PUSHED_HOST = 'database-pushed';
const BEFORE_HOST = 'database-before';
const MANY_HOST = 'database-many';
const CHOSEN_HOST = 'database-chosen';
const TEMPLATE = 'PostgreSQL by postgres-status';
const PUSHED_TEMPLATE = 'PostgreSQL by postgres-status - pushed';
/** Shorter than those of the template, and one of them for one cluster. */
const MACROS = {
  INTERVAL: '2s',
  'REVISION.INTERVAL': '2s',
  NODATA: '15s',
  'LAG.MAX:"postgres-lagging-a-little"': '4K',
};
const NO_VALUE = { '': ['4 postgres-status: no value arrives'] };

/** What the triggers of clusters are called, of the template and of the one before. */
const NAME = /^PostgreSQL postgres-(\S+)(?: in .*?)?: (.*)$/;

type Problems = Readonly<Record<string, readonly string[]>>;

describe('a real Zabbix server, its agent, and a real API server', () => {
  const ends = endAfterwards();
  let zabbix: Zabbix;
  let api: ApiServer;
  let agent: Daemon;
  let agentBefore: Daemon;
  let kubeconfig: string;
  let script: string;

  beforeAll(async () => {
    const folder = openFolder('zabbix');
    [api, zabbix] = await Promise.all([startApiServer(join(folder, 'api')).then(ends), startZabbix(folder).then(ends)]);
    kubeconfig = join(folder, 'kubeconfig');
    writeKubeconfig();
    script = join(folder, 'zabbix-script');
    copyFileSync(join(TEST, 'stand-ins/zabbix-script'), script);
    chmodSync(script, 0o755);
    await api.admin(['create', 'namespace', NAMESPACE]);
    await api.admin(['label', 'namespace', NAMESPACE, 'ossobv/zabbix-agent-osso.k8s-patroni=true']);
    await publishHealthy();
    for (const file of ['template.yaml', 'template-pushed.yaml']) await zabbix.importTemplate(join(EXAMPLES, file));
    await zabbix.createHost(AGENT_HOST, TEMPLATE, MACROS);
    await zabbix.createHost(PUSHED_HOST, PUSHED_TEMPLATE, MACROS);
    await createRulesBefore(zabbix, {
      ...{ hostid: await zabbix.createHost(BEFORE_HOST, undefined, {}), host: BEFORE_HOST, delay: '3s' },
      clusters: /^postgres-(healthy|wal-lost|lagging|backup-old|publisher-stopped)$/,
    });
    startAgent(REVISION);
  });

  /** The context that is read, and those where nobody listens. */
  function writeKubeconfig(dead: readonly string[] = []): void {
    const config = JSON.parse(readFileSync(api.adminConfig, 'utf8')) as {
      clusters: object[];
      contexts: { context: object }[];
    };
    const [context] = config.contexts;
    config.clusters.push({ name: 'dead', cluster: { server: 'https://127.0.0.1:1' } });
    config.contexts = [
      { ...context, context: { ...context?.context }, ...{ name: CONTEXT } },
      ...dead.map((name) => ({ name, context: { ...context?.context, cluster: 'dead' } })),
    ];
    writeFileSync(kubeconfig, JSON.stringify({ ...config, 'current-context': CONTEXT }), { mode: 0o644 });
  }

  /** With the UserParameters of the example, of which the path of the kubeconfig alone is ours. */
  function startAgent(revision: number): void {
    const example = readFileSync(join(EXAMPLES, 'userparameters.conf'), 'utf8')
      .replace('/etc/zabbix/postgres-status.kubeconfig', kubeconfig)
      .replace(`echo ${String(REVISION)}`, `echo ${String(revision)}`);
    const path = `${dirname(inject('postgresStatus'))}:/usr/bin:/bin`;
    agent = zabbix.startAgent(AGENT_HOST, example, { PATH: path });
  }

  function startAgentBefore(): void {
    agentBefore = zabbix.startAgent(BEFORE_HOST, userParametersBefore(script), { KUBECONFIG: api.adminConfig });
  }

  async function publish(documents: Readonly<Record<string, unknown>>): Promise<void> {
    const items = Object.entries(documents).map(([cluster, document]) => ({
      ...{ apiVersion: 'v1', kind: 'ConfigMap' },
      metadata: { name: `status-postgres-${cluster}`, namespace: NAMESPACE },
      data: { status: JSON.stringify(document) },
    }));
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    await api.admin(['apply', '--server-side', '--filename=-'], list);
  }

  async function publishHealthy(): Promise<void> {
    const documents: Record<string, unknown> = {};
    for (const { cluster } of troubles) documents[cluster] = await healthy(cluster);
    await publish(documents);
  }

  async function publishTroubles(): Promise<void> {
    const documents: Record<string, unknown> = {};
    for (const { cluster, then } of troubles) documents[cluster] = await then(await healthy(cluster));
    await publish(documents);
  }

  /** What rings on a host: severity and problem, by cluster; what is no cluster's is under ''. */
  async function problems(host: string): Promise<Problems> {
    const triggers = (await zabbix.ask('trigger.get', {
      host,
      filter: { value: 1 },
      // as the frontend shows them: not what depends on another problem
      skipDependent: true,
      expandDescription: true,
      output: ['description', 'priority'],
    })) as { description: string; priority: string }[];
    const found: Record<string, string[]> = {};
    for (const { description, priority } of triggers) {
      const [, cluster = '', what = description] = NAME.exec(description) ?? [];
      (found[cluster] ??= []).push(`${priority} ${what}`);
    }
    return Object.fromEntries(
      Object.entries(found)
        .map(([cluster, texts]) => [cluster, texts.toSorted()] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  }

  /** The operational data of its problems, as a person sees them, after their names. */
  async function operationalData(host: string): Promise<string[]> {
    const [{ hostid } = { hostid: '' }] = (await zabbix.ask('host.get', { filter: { host } })) as { hostid: string }[];
    const found = (await zabbix.ask('problem.get', { hostids: [hostid], output: ['name', 'opdata'] })) as {
      name: string;
      opdata: string;
    }[];
    return found.map(({ name, opdata }) => `${name}: ${opdata}`);
  }

  async function values(host: string, key: string): Promise<string[]> {
    const items = (await zabbix.ask('item.get', { host, search: { key_: key }, output: ['lastvalue'] })) as {
      lastvalue: string;
    }[];
    return items.map(({ lastvalue }) => lastvalue);
  }

  /** Each question costs the frontend some 100 ms of CPU time. */
  async function pause(): Promise<undefined> {
    await sleep(800);
  }

  /** Waits until exactly these problems are there. */
  async function expectProblems(host: string, expected: Problems): Promise<void> {
    const wanted = Object.fromEntries(Object.entries(expected).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    let last: Problems = {};
    const isSo = async () => {
      last = await problems(host);
      return JSON.stringify(last) === JSON.stringify(wanted) || pause();
    };
    await until('the problems that must be there', isSo, 60_000).catch((): undefined => undefined);
    expect(last).toEqual(wanted);
  }

  const unsupported = (host: string) =>
    zabbix.ask('item.get', { host, filter: { state: 1 }, output: ['key_', 'error'] });

  const isDiscovered = async (host: string) => {
    const verdicts = await values(host, 'postgres-status.status[');
    const states = await values(host, 'postgres-status.states[');
    const isThere = verdicts.length === troubles.length && verdicts.every((value) => value === '0');
    return (isThere && states.every((value) => /^node1: \w+, \w+\nnode2: \w+, \w+$/.test(value))) || pause();
  };

  const ringing = (which: 'rings' | 'rangBefore'): Problems =>
    Object.fromEntries(
      troubles.flatMap((trouble) => {
        const names = trouble[which] ?? [];
        return names.length === 0 ? [] : [[trouble.cluster, names] as const];
      }),
    );

  test('the agent: every cluster and member of a context with a strange name is discovered, every item has a value, nothing rings', async () => {
    await until('values of every cluster', () => isDiscovered(AGENT_HOST));
    expect(await unsupported(AGENT_HOST)).toEqual([]);
    await expectProblems(AGENT_HOST, {});
    expect(await values(AGENT_HOST, 'postgres-status.clusters')).toContain(String(troubles.length));
    expect(await values(AGENT_HOST, 'postgres-status.revision')).toEqual([String(REVISION)]);
  });

  test('as before: the script and items that read what was published before there was postgres-status have every value', async () => {
    // of five clusters: the master, which is not stored, and six items; of their ten members: the master and three items
    const all = () => values(BEFORE_HOST, 'k8s.patroni.');
    startAgentBefore();
    await until('items of every cluster', async () => (await all()).length === 5 * 7 + 10 * 4 || pause());
    // it asks for its active checks every two minutes, and when it starts; the server knows of the new ones within a second
    await agentBefore.end();
    await sleep(3000);
    startAgentBefore();
    await until('values of every cluster', async () => {
      return (await all()).filter((value) => value !== '').length === 5 * 6 + 10 * 3 || pause();
    });
    expect(new Set(await values(BEFORE_HOST, 'k8s.patroni.walg_integrity['))).toEqual(new Set(['OK']));
    expect(new Set(await values(BEFORE_HOST, 'k8s.patroni.role['))).toEqual(new Set(['leader', 'replica']));
    await expectProblems(BEFORE_HOST, {});
  });

  test('each trouble rings with its severity and reason under the name of its cluster, and clears; as before, too', async () => {
    await publishTroubles();
    await expectProblems(AGENT_HOST, ringing('rings'));
    const reasons = await operationalData(AGENT_HOST);
    expect(reasons).toEqual(expect.arrayContaining(troubles.flatMap(({ reason }) => reason ?? [])));
    expect(reasons.filter((reason) => /UNKNOWN|regsub|: $/.test(reason))).toEqual([]);
    await expectProblems(BEFORE_HOST, ringing('rangBefore'));
    await publishHealthy();
    await expectProblems(AGENT_HOST, {});
    await expectProblems(BEFORE_HOST, {});
  });

  test('contexts that do not answer ring, and take nothing from the other', async () => {
    writeKubeconfig(['nobody: listens @here']);
    await expectProblems(AGENT_HOST, { '': ['3 postgres-status: contexts or namespaces cannot be listed'] });
    writeKubeconfig();
    await expectProblems(AGENT_HOST, {});
  });

  test('an API server that does not answer rings as one problem', async () => {
    await agentBefore.end();
    api.hang(true);
    try {
      await expectProblems(AGENT_HOST, NO_VALUE);
    } finally {
      api.hang(false);
    }
    await expectProblems(AGENT_HOST, {});
  });

  test('UserParameters of an older revision ring', async () => {
    await agent.end();
    startAgent(REVISION - 1);
    await expectProblems(AGENT_HOST, { '': ['2 postgres-status: the UserParameters are outdated'] });
    await agent.end();
    startAgent(REVISION);
    await expectProblems(AGENT_HOST, {});
  });

  const push = async (host: string, config = kubeconfig) => {
    const source = ['--from', 'configmaps', '--all-contexts', '--kubeconfig', config];
    const { stdout } = await run([inject('postgresStatus'), ...source, '--format', 'zabbix-sender']);
    const to = ['-z', '127.0.0.1', '-p', String(zabbix.port), '-s', host];
    await run(['zabbix_sender', ...to, '-i', '-'], { input: stdout });
  };

  test('pushed by zabbix_sender: discovered, and silence rings', async () => {
    await until('values of every cluster', async () => {
      await push(PUSHED_HOST);
      return isDiscovered(PUSHED_HOST);
    });
    expect(await problems(PUSHED_HOST)).toEqual({});
    await expectProblems(PUSHED_HOST, NO_VALUE);
    await push(PUSHED_HOST);
    await expectProblems(PUSHED_HOST, {});
  });

  test('more clusters than an agent passes on: those that are left out ring', async () => {
    const folder = join(dirname(kubeconfig), 'many');
    await writeMany(folder, 1600);
    // discovering all of them is not what this is about
    await zabbix.createHost(MANY_HOST, TEMPLATE, { INTERVAL: '4s', 'LLD.CLUSTER.MATCHES': '^postgres-7$' });
    const command = `${inject('postgresStatus')} --input ${folder}/*.json --format zabbix`;
    const parameters = [`UserParameter=postgres-status.revision,echo ${String(REVISION)}`];
    parameters.push(`UserParameter=postgres-status.bulk,${command}`);
    // the agent asks for its active checks when it starts, and the server knows of the new host within a second
    await sleep(3000);
    const many = zabbix.startAgent(MANY_HOST, parameters.join('\n'), {});
    await expectProblems(MANY_HOST, { '': ['3 postgres-status: clusters are left out'] });
    await writeMany(folder, 20);
    await expectProblems(MANY_HOST, {});
    expect(await keys(MANY_HOST)).toEqual([expect.stringMatching(/\/7\.json\]$/)]);
    await many.end();
  });

  test('the macros choose which clusters, contexts and namespaces are discovered', async () => {
    const document = JSON.stringify(await healthy('healthy'));
    for (const namespace of ['staging', 'scratch']) {
      await api.admin(['create', 'namespace', namespace]);
      await api.admin(['label', 'namespace', namespace, 'ossobv/zabbix-agent-osso.k8s-patroni=true']);
      await api.admin([
        'create',
        'configmap',
        'status-postgres-healthy',
        '-n',
        namespace,
        `--from-literal=status=${document}`,
      ]);
    }
    const config = JSON.parse(readFileSync(api.adminConfig, 'utf8')) as {
      contexts: object[];
      'current-context': string;
    };
    const several = join(dirname(kubeconfig), 'several');
    const contexts = ['live', 'live-copy', 'test'].map((name) => ({ ...config.contexts[0], name }));
    writeFileSync(several, JSON.stringify({ ...config, contexts, 'current-context': 'live' }));
    await zabbix.createHost(CHOSEN_HOST, PUSHED_TEMPLATE, {
      ...{ 'LLD.CONTEXT.MATCHES': '^live', 'LLD.CONTEXT.NOT_MATCHES': 'copy$' },
      ...{ 'LLD.NAMESPACE.MATCHES': '^(databases|staging)$', 'LLD.NAMESPACE.NOT_MATCHES': '^staging$' },
      ...{ 'LLD.CLUSTER.MATCHES': '^postgres-(lagging|healthy)', 'LLD.CLUSTER.NOT_MATCHES': 'a-little$' },
    });
    const ofCluster = (name: string) => `postgres-status.status[live/${NAMESPACE}/status-postgres-${name}]`;
    await until('the items of what is chosen', async () => {
      await push(CHOSEN_HOST, several);
      return (await keys(CHOSEN_HOST)).length > 0 || pause();
    });
    expect(await keys(CHOSEN_HOST)).toEqual([ofCluster('healthy'), ofCluster('lagging')]);
  });

  /** So many documents of healthy clusters as files, each a cluster of its own. */
  async function writeMany(folder: string, count: number): Promise<void> {
    const document = JSON.stringify(await healthy('number'));
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(folder).filter((name) => Number.parseInt(name, 10) >= count))
      rmSync(join(folder, file));
    for (let number = 0; number < count; number += 1)
      writeFileSync(
        join(folder, `${String(number)}.json`),
        document.replaceAll('postgres-number', `postgres-${String(number)}`),
      );
  }

  /** The keys of the verdicts of its clusters: which it has discovered. */
  async function keys(host: string): Promise<string[]> {
    const search = { key_: 'postgres-status.status[' };
    const items = (await zabbix.ask('item.get', { host, search, output: ['key_'] })) as { key_: string }[];
    return items.map(({ key_ }) => key_).toSorted();
  }
});
