import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { StatusDocument } from '../../src/document/schema.ts';
import { FIRST_BODY, startApiServer, type ApiServer } from './api-server.ts';
import { factsOf, postgresStatus, writeEnvdir } from './command.ts';
import { SILENCE } from './metrics.ts';
import { documentOf, succeeded } from './expected.ts';
import type { Member, PatroniCluster } from './patroni-cluster.ts';
import { saying } from './judge.ts';
import { startOnKubernetes, type Mode } from './patroni-on-kubernetes.ts';
import { until, type Outcome } from './processes.ts';
import { oneStory } from './story.ts';
import { endAfterwards } from './teardown.ts';
import { verdictIn } from './verdict.ts';

const EXAMPLE = resolve(import.meta.dirname, '../../examples/kubernetes/cronjob.yaml');
/** Names in the example. */
const NAMESPACE = 'databases';
const CONFIG_MAP = 'status-postgres-main';
const ACCOUNT = 'postgres-status';

/**
 * Tests a Patroni that keeps its state in a real API server, with the objects of postgres-status in the same namespace: start, switchover,
 * failover, and deletion of the dead pod. In each test every node runs the command, and the ConfigMap must contain the leader's document.
 */
export function tellOfKubernetesAsDcs(name: string, short: string, mode: Mode): void {
  describe(`Patroni with Kubernetes as its DCS: ${name}`, () => {
    const ends = endAfterwards();
    let api: ApiServer;
    let cluster: PatroniCluster;
    let kubernetes: Awaited<ReturnType<typeof startOnKubernetes>>;
    let environment: string;
    let kubeconfig: string;
    oneStory();

    beforeAll(async () => {
      // a short path, because PostgreSQL's socket is in it
      const folder = join(inject('workshop'), short);
      mkdirSync(folder);
      api = ends(await startApiServer(join(folder, 'api')));
      await api.admin(['create', 'namespace', NAMESPACE]);
      await api.admin(['apply', '--filename=-'], readFileSync(EXAMPLE, 'utf8'));
      await createPodOfCronJob();
      kubernetes = await startOnKubernetes(api, join(folder, 'patroni'), NAMESPACE, mode);
      cluster = ends(kubernetes.cluster);
      kubeconfig = await api.login(ACCOUNT, NAMESPACE);
      environment = writeEnvdir(join(folder, 'wal-g.d/env'), {
        // these tests are not about the storage
        POSTGRES_STATUS_COLLECT: 'patroni',
        STATUS_NAME: 'postgres-main',
        POD_NAMESPACE: NAMESPACE,
      });
    });

    test('at the start: the leader publishes, and neither our ConfigMap nor the pod of our CronJob is a member', async () => {
      const leader = await cluster.leader();
      await expectPublishedBy(leader, []);
      const [replica = leader] = await cluster.replicas();
      expect(await kubernetes.roles()).toEqual({
        [leader.name]: mode.leader_label_value ?? 'primary',
        [replica.name]: mode.follower_label_value ?? 'replica',
      });
      const { stdout } = await api.admin(['get', 'pods,configmaps', '-n', NAMESPACE, '--output=name']);
      expect(stdout).toContain('pod/postgres-status-1\n');
      const listed = await cluster.ask<{ members: { name: string }[] }>(leader, 'cluster');
      expect(listed.members.map((member) => member.name).sort()).toEqual([leader.name, replica.name].sort());
    });

    test('our ConfigMap is not one that Patroni watches, whatever was written to it', async () => {
      const selector = Object.entries(kubernetes.selector).map((label) => label.join('='));
      const { stdout } = await api.admin([
        ...['get', 'configmaps', '-n', NAMESPACE, `--selector=${selector.join(',')}`, '--output=name'],
      ]);
      expect(stdout).not.toContain(CONFIG_MAP);
      expect(stdout.includes('-config\n')).toBe(!mode.use_endpoints);
    });

    test("as a sidecar, with the account of Patroni's pods, and as a CronJob that asks every member", async () => {
      const leader = await cluster.leader();
      await erase();
      expect(await publish([leader], { KUBECONFIG: kubernetes.kubeconfig })).toEqual(SILENCE);
      expect(await published()).toMatchObject({ node: { name: leader.name } });
      await erase();
      const [replica = leader] = await cluster.replicas();
      expect(await publish([replica, leader], {}, '--publish-from', 'any')).toEqual(SILENCE);
      // with several URLs, the document is made from the leader's view
      expect(await published()).toMatchObject({ node: { name: leader.name }, leader: null });
    });

    test('after a switchover the other one publishes', async () => {
      const [successor = await cluster.leader()] = await cluster.replicas();
      await cluster.switchover(successor);
      await expectPublishedBy(successor, [successor]);
      expect(await kubernetes.roles()).toMatchObject({ [successor.name]: mode.leader_label_value ?? 'primary' });
    });

    test('after the leader has died nothing is published until a new leader publishes', async () => {
      const dead = await cluster.leader();
      const [survivor = dead] = await cluster.replicas();
      await erase();
      await cluster.kill(dead);
      expect(await publish([survivor])).toEqual(SILENCE);
      expect(await api.published(CONFIG_MAP, NAMESPACE)).toBe(FIRST_BODY);
      await until('another leader', () => cluster.leads(survivor));
      const document = await until('a document of the new leader', async () => {
        expect((await publish([survivor])).status).toBe(0);
        const { failovers = [], ...rest } = await published();
        return failovers?.length === 2 ? { failovers, ...rest } : undefined;
      });
      expect(document).toMatchObject({
        node: { name: survivor.name, role: 'primary', timeline: 3, replication: [] },
        failovers: [{ new_leader: dead.name }, { new_leader: survivor.name }],
      });
      // a pod has no ttl, so the last state of the dead Patroni is still listed
      expect(document.cluster_status.members.map(({ name, role, state }) => [name, role, state]).sort()).toEqual(
        [
          [dead.name, 'replica', 'running'],
          [survivor.name, 'leader', 'running'],
        ].sort(),
      );
      expect(verdictIn(JSON.stringify(document))).toMatchObject({
        status: 'warning',
        checks: {
          replicas: saying(
            new RegExp(
              `^warning: the leader changed to ${survivor.name} .* ago, and its replicas need some seconds to follow: ${dead.name} runs, but does not replicate$`,
            ),
          ),
        },
      });
    });

    test('the pod of the dead member is deleted, and so is the member; a new one of its name joins', async () => {
      const survivor = await cluster.leader();
      const [dead = survivor] = cluster.members.filter((member) => !cluster.isRunning(member));
      await api.admin(['delete', 'pod', dead.name, '-n', NAMESPACE, '--grace-period=0', '--force']);
      await until('one member', async () =>
        (await cluster.ask<{ members: unknown[] }>(survivor, 'cluster')).members.length === 1 ? true : undefined,
      );
      expect(await publish([survivor])).toEqual(SILENCE);
      expect(verdictIn(JSON.stringify(await published()))).toMatchObject({
        status: 'warning',
        checks: { members: saying(new RegExp(`^warning: ${dead.name}, the leader until `)) },
      });
      await kubernetes.createPod(dead.name);
      cluster.start(dead);
      await cluster.settled();
      await expectPublishedBy(survivor, [dead, survivor]);
    });

    /** Runs the command on every node: only the leader publishes, and its document is correct. */
    async function expectPublishedBy(leader: Member, switches: readonly Member[]): Promise<void> {
      await erase();
      for (const member of cluster.members.filter((other) => other !== leader)) {
        expect(await publish([member])).toEqual(SILENCE);
        expect(await api.published(CONFIG_MAP, NAMESPACE)).toBe(FIRST_BODY);
      }
      expect(await publish([leader])).toEqual(SILENCE);
      const text = await api.published(CONFIG_MAP, NAMESPACE);
      const { members } = cluster;
      expect(factsOf(text)).toEqual({
        ...(documentOf({ members, leader, asked: leader, switches }) as object),
        ...NO_STORAGE,
      });
      expect(verdictIn(text)).toEqual({ status: 'ok', checks: expect.any(Object) as unknown });
    }

    /** A run with the permissions of the example, like that of the crontab on this host. */
    function publish(
      members: readonly Member[],
      variables: Readonly<Record<string, string>> = {},
      ...args: string[]
    ): Promise<Outcome> {
      const urls = members.map(({ url }) => url).join(',');
      const command = ['--env', environment, '--patroni-url', urls, '--configmap', '--quiet', ...args];
      return postgresStatus(command, { KUBECONFIG: kubeconfig, ...variables });
    }

    async function published(): Promise<StatusDocument> {
      return JSON.parse(await api.published(CONFIG_MAP, NAMESPACE)) as StatusDocument;
    }

    async function erase(): Promise<void> {
      const patch = JSON.stringify({ data: { status: FIRST_BODY } });
      await api.admin(['patch', 'configmap', CONFIG_MAP, '-n', NAMESPACE, '--type=merge', '-p', patch]);
    }

    /** Creates a pod like that of the example's Job. */
    async function createPodOfCronJob(): Promise<void> {
      const [cronJob] = parseAllDocuments(readFileSync(EXAMPLE, 'utf8'))
        .map((document) => document.toJS() as { kind: string; spec: CronJobSpec })
        .filter(({ kind }) => kind === 'CronJob');
      const { metadata, spec } = cronJob?.spec.jobTemplate.spec.template ?? {};
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: 'postgres-status-1' }, spec };
      await api.admin(['create', '-n', NAMESPACE, '--filename=-'], JSON.stringify(pod));
    }
  });
}

/** The values in the document for collectors that do not run. */
const NO_STORAGE = {
  ...{ walg_last_backup: null, walg_timeline: null, walg_integrity: null },
  ...{ walg_backups: undefined, wal: undefined, recovery: undefined },
  collectors: { patroni: succeeded(), walg_backups: null, walg_verify: null },
};

interface CronJobSpec {
  jobTemplate: { spec: { template: { metadata: object; spec: object } } };
}
