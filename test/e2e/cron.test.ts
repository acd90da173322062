import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { startApiServer, type ApiServer } from './api-server.ts';
import { standInWalg, writeEnvdir } from './command.ts';
import { startCluster, type Member, type PatroniCluster } from './patroni-cluster.ts';
import { startDaemon, until } from './processes.ts';
import { endAfterwards } from './teardown.ts';

const CRONTAB = resolve(import.meta.dirname, '../../examples/crontab');
const CONFIG_MAP = { name: 'status-postgres-cron', namespace: 'cron' };
const COMMAND = 'postgres-status --configmap --quiet';

/**
 * A real cron with our crontab, in a mount namespace of its own: what is installed there (in /etc, /usr/local/bin and the rest) is seen by
 * nobody else, and /run is empty, so that no other cron is in the way.
 */
describe.skipIf(process.getuid?.() !== 0)('a crontab line under a real cron (root only, who may mount)', () => {
  const ends = endAfterwards();
  let api: ApiServer;
  let cluster: PatroniCluster;
  let leader: Member;
  let folder: string;

  beforeAll(async () => {
    folder = join(inject('workshop'), 'cron');
    api = ends(await startApiServer(join(folder, 'api')));
    cluster = ends(await startCluster(join(folder, 'patroni'), { members: 1 }));
    leader = await cluster.leader();
  });

  test('it publishes as user postgres without a word, and what fails is one line in the mail', async () => {
    const crontab = readFileSync(CRONTAB, 'utf8');
    expect(crontab).toContain(
      `* * * * * postgres run-one timeout 1m ${COMMAND} --state /var/lib/postgresql/postgres-status.state\n`,
    );
    const kubeconfig = await api.publisher(CONFIG_MAP.namespace, CONFIG_MAP.name);
    install('cron.d/postgres-status', crontab);
    // with nothing but what cron itself sets, and a namespace that is not its own
    install('cron.d/fails', `* * * * * postgres /usr/local/bin/${COMMAND} --namespace elsewhere\n`);
    install('etc/crontab', '');
    install('etc/postgres-status/kubeconfig', readFileSync(kubeconfig, 'utf8'));
    writeEnvdir(join(folder, 'etc/wal-g.d/env'), {
      ...standInWalg(join(folder, 'wal-g')),
      STATUS_NAME: 'postgres-cron',
      POD_NAMESPACE: CONFIG_MAP.namespace,
      POSTGRES_STATUS_PATRONI_URL: leader.url,
      POSTGRES_STATUS_KUBECONFIG: kubeconfig,
    });
    mkdirSync(join(folder, 'usr/local/bin'), { recursive: true });
    symlinkSync(inject('postgresStatus'), join(folder, 'usr/local/bin/postgres-status'));
    if (!existsSync('/usr/bin/run-one'))
      install('usr/local/bin/run-one', '#!/bin/sh\nexec flock -n -E 75 /run/lock/run-one "$@"\n', 0o755);
    const mails = join(folder, 'mails');
    install('usr/sbin/sendmail', `#!/bin/sh\ncat >>'${mails}'\n`, 0o755);
    writeFileSync(mails, '');
    chmodSync(mails, 0o666);

    ends(
      startDaemon(['unshare', '--mount', '/bin/sh', '-e', '-c', NAMESPACE, 'cron', folder], {
        log: join(folder, 'cron.log'),
        environment: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      }),
    );
    const published = await until('a document that cron published', async () => {
      const text = await api.published(CONFIG_MAP.name, CONFIG_MAP.namespace);
      return text.includes(leader.name) ? text : undefined;
    });
    expect(JSON.parse(published)).toMatchObject({
      node: { name: leader.name, role: 'primary' },
      collectors: { patroni: { ok: true }, walg_backups: { ok: true }, walg_verify: { ok: true } },
    });

    const mail = await until('the mail of the line that fails', () =>
      /\n\n[^]*\n$/.test(readFileSync(mails, 'utf8')) ? readFileSync(mails, 'utf8') : undefined,
    );
    expect(mail).toMatch(/^To: postgres$/m);
    // and of the one that does not there is none
    expect(mail.match(/^Subject: .*/gm)).toEqual([
      expect.stringMatching(
        /^Subject: Cron <postgres@.*> \/usr\/local\/bin\/postgres-status --configmap --quiet --namespace elsewhere/,
      ),
    ]);
    expect(mail.slice(mail.indexOf('\n\n') + 2).trimEnd()).toMatch(
      /^postgres-status: ConfigMap status-postgres-cron in namespace elsewhere was not written: not allowed; the role needs the verb "patch" on configmaps, resourceNames \["status-postgres-cron"\] \(.*\)$/,
    );
  });

  function install(path: string, content: string, mode = 0o644): void {
    const file = join(folder, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
  }
});

/** $1 is the folder of what is installed; none of the machine's own jobs runs. The last command is the daemon itself. */
const NAMESPACE = `
for path in etc usr/local/bin usr/sbin; do
  mount -t overlay overlay -o "lowerdir=$1/$path:/$path" "/$path"
done
mount --bind "$1/cron.d" /etc/cron.d
mount -t tmpfs tmpfs /run
mkdir -m 1777 /run/lock
mount -t tmpfs tmpfs /var/spool/cron
exec cron -f -L 15
`;
