import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { startApiServer, type ApiServer } from './api-server.ts';
import { postgresStatus, standInWalg, writeEnvdir } from './command.ts';
import { startCluster, type Member, type PatroniCluster } from './patroni-cluster.ts';
import { endAfterwards } from './teardown.ts';

const NAMESPACE = 'doctor';
const NAME = 'status-postgres-doctor';

interface Checked {
  name: string;
  status: string;
  reason: string;
  remedy: string | null;
}

describe('--doctor beside a real Patroni and a real API server', () => {
  const ends = endAfterwards();
  let api: ApiServer;
  let cluster: PatroniCluster;
  let leader: Member;
  let environment: string;
  let kubeconfig: string;

  beforeAll(async () => {
    const folder = join(inject('workshop'), 'doctor');
    api = ends(await startApiServer(join(folder, 'api')));
    cluster = ends(await startCluster(join(folder, 'patroni'), { members: 1 }));
    leader = await cluster.leader();
    environment = writeEnvdir(join(folder, 'wal-g.d/env'), {
      ...standInWalg(join(folder, 'wal-g')),
      STATUS_NAME: 'postgres-doctor',
      POD_NAMESPACE: NAMESPACE,
      WALG_FILE_PREFIX: '/backups',
    });
    kubeconfig = await api.publisher(NAMESPACE, NAME);
  });

  async function examine(...args: string[]) {
    const given = ['--doctor', '--format', 'json', '--env', environment, '--patroni-url', leader.url, '--configmap'];
    const { status, stdout, stderr } = await postgresStatus([...given, '--kubeconfig', kubeconfig, ...args]);
    expect(stderr).toBe('');
    const { checks } = JSON.parse(stdout) as { checks: Checked[] };
    return { status, found: Object.fromEntries(checks.map((check) => [check.name, check])) };
  }

  const published = async () =>
    (await api.admin(['get', 'configmap', NAME, '-n', NAMESPACE, '--output=jsonpath={.metadata.resourceVersion}']))
      .stdout;

  test('a set-up that works: nothing is written, and the clocks of both are read', async () => {
    const before = await published();
    const { status, found } = await examine();
    const bad = Object.values(found).filter(({ name, status }) => status === 'failed' && name !== 'cron');
    expect({ status, bad }).toEqual({ status: 0, bad: [] });
    expect(found['patroni']?.reason).toMatch(
      new RegExp(
        `^${leader.url}: Patroni 4\\.\\d+\\.\\d+; ${leader.name} of acid-postgres, role primary, state running$`,
      ),
    );
    expect(found['configmap']).toMatchObject({
      status: 'ok',
      reason: `ConfigMap ${NAME} in namespace ${NAMESPACE} exists and may be patched; cannot determine whether namespace ${NAMESPACE} has the label ossobv/zabbix-agent-osso.k8s-patroni=true, by which Zabbix finds it: this account may not read it`,
    });
    expect(found['clocks']?.reason).toBe(
      `the clock of this host agrees with that of Patroni (${leader.url}) and the API server within 2 s`,
    );
    expect(await published()).toBe(before);
  });

  test('an account without permission, a ConfigMap that does not exist, and a rejected token', async () => {
    const other = await examine('--configmap', 'status-postgres-other');
    expect({ status: other.status, check: other.found['configmap'] }).toMatchObject({
      status: 1,
      check: {
        status: 'failed',
        reason: expect.stringMatching(/^not allowed; the role needs the verb "patch"/) as string,
      },
    });
    const admin = await examine('--configmap', 'status-postgres-other', '--kubeconfig', api.adminConfig);
    expect(admin.found['configmap']?.reason).toMatch(/^it does not exist; create it once: kubectl create configmap/);
    const stranger = await examine('--kubeconfig', api.kubeconfig('doctor-stranger', 'nonsense', NAMESPACE));
    expect(stranger.found['configmap']?.reason).toMatch(/^the API server rejects the credentials/);
  });

  test("labels of Patroni, and a namespace without Zabbix's label, with an account that may read them", async () => {
    await api.admin(['label', 'configmap', NAME, '-n', NAMESPACE, 'cluster-name=acid-postgres']);
    const { status, found } = await examine('--kubeconfig', api.adminConfig);
    expect({ status, check: found['configmap'] }).toMatchObject({ status: 0, check: { status: 'warning' } });
    expect(found['configmap']?.reason).toMatch(
      /^it has the label cluster-name=acid-postgres, by which Patroni finds its own objects: .*Zabbix does not find namespace doctor: it lacks the label/,
    );
  });
});
