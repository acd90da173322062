import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { startApiServer, type ApiServer } from './api-server.ts';
import { standInWalg, writeEnvdir } from './command.ts';
import { startCluster, type Member, type PatroniCluster } from './patroni-cluster.ts';
import { startDaemon, until } from './processes.ts';
import { endAfterwards } from './teardown.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../examples');
const COMMAND = 'postgres-status --configmap --quiet';

/**
 * A real cron with our crontabs, each in its own mount namespace, so that files in /etc, /usr/local/bin and the like affect nothing else;
 * /run is empty, so that no other cron is found. All wait for the next full minute, at the same time.
 */
describe
  .skipIf(process.getuid?.() !== 0)
  .concurrent('crontab lines under a real cron (root only, who may mount)', () => {
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

    test('crontab publishes as user postgres without output, and each failure is one line in the mail', async () => {
      const host = prepareHost(join(folder, 'run-one'));
      const crontab = readFileSync(join(EXAMPLES, 'crontab'), 'utf8');
      expect(crontab).toContain(
        `* * * * * postgres run-one timeout 1m ${COMMAND} --state /var/lib/postgresql/postgres-status.state\n`,
      );
      const kubeconfig = await api.publisher('cron', 'status-postgres-cron');
      host.install('cron.d/postgres-status', crontab);
      // with only the variables that cron sets, and a namespace that is not the pod's own
      host.install('cron.d/fails', `* * * * * postgres /usr/local/bin/${COMMAND} --namespace elsewhere\n`);
      setUp(host, kubeconfig, { STATUS_NAME: 'postgres-cron', POD_NAMESPACE: 'cron' });
      host.installCommand();
      if (!existsSync('/usr/bin/run-one'))
        host.install('usr/local/bin/run-one', '#!/bin/sh\nexec flock -n -E 75 /run/lock/run-one "$@"\n', 0o755);
      ends(host.start());
      expect(JSON.parse(await published('status-postgres-cron', 'cron'))).toMatchObject(WHOLE());

      const mail = await until('the mail of the line that fails', () =>
        /\n\n[^]*\n$/.test(host.mails()) ? host.mails() : undefined,
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

    test('flock.crontab publishes without output, and does not start a second run while one is running', async () => {
      const host = prepareHost(join(folder, 'flock'));
      const crontab = readFileSync(join(EXAMPLES, 'flock.crontab'), 'utf8');
      const kubeconfig = await api.publisher('flock', 'status-postgres-flock');
      host.install('cron.d/postgres-status', crontab);
      setUp(host, kubeconfig, { STATUS_NAME: 'postgres-flock', POD_NAMESPACE: 'flock' });
      // the same line again, at the same time
      host.install('cron.d/again', crontab);
      const runs = join(host.folder, 'runs');
      host.install('runs', '', 0o666);
      const command = `#!/bin/sh\necho run >>'${runs}'\nsleep 2\nexec '${inject('postgresStatus')}' "$@"\n`;
      host.install('usr/local/bin/postgres-status', command, 0o755);
      ends(host.start());
      expect(JSON.parse(await published('status-postgres-flock', 'flock'))).toMatchObject(WHOLE());
      expect(readFileSync(runs, 'utf8')).toBe('run\n');
      expect(host.mails()).toBe('');
    });

    test("Spilo's CRONTAB publishes with an empty environment and the account of the operator's pods", async () => {
      const host = prepareHost(join(folder, 'spilo'), 'acid-main-0');
      const { data } = parse(readFileSync(join(EXAMPLES, 'kubernetes/spilo-crontab.yaml'), 'utf8')) as SpiloExample;
      const namespace = 'spilo';
      const login = await api.publisher(namespace, 'status-postgres-acid-main');
      // as Spilo's configure_spilo.py writes it
      const lines = [
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        ...(parse(data.CRONTAB) as string[]),
      ];
      host.install('crontabs/postgres', `${lines.join('\n')}\n`);
      host.installCommand();
      writeEnvdir(join(host.folder, 'run/etc/wal-e.d/env'), {
        ...standInWalg(join(host.folder, 'wal-g')),
        POSTGRES_STATUS_PATRONI_URL: leader.url,
      });
      const { users, clusters } = JSON.parse(readFileSync(login, 'utf8')) as Kubeconfig;
      const account = 'run/secrets/kubernetes.io/serviceaccount';
      host.install(`${account}/token`, users[0]?.user.token ?? '');
      host.install(`${account}/namespace`, namespace);
      const { server = '', 'certificate-authority': authority = '' } = clusters[0]?.cluster ?? {};
      host.install(`${account}/ca.crt`, readFileSync(authority, 'utf8'));
      // the Service of the API server: a name, an address, and the port 443
      const address = `127.77.${String(Math.floor(Math.random() * 256))}.1`;
      ends(await forward(address, Number(new URL(server).port)));
      host.install('etc/hosts', `127.0.0.1 localhost\n${address} kubernetes.default.svc\n`);
      ends(host.start());
      expect(JSON.parse(await published('status-postgres-acid-main', namespace))).toMatchObject(WHOLE());
      expect(host.mails()).toBe('');
    });

    /** WAL-G's environment and the kubeconfig of a host. */
    function setUp(host: Host, kubeconfig: string, names: Readonly<Record<string, string>>): void {
      host.install('etc/postgres-status/kubeconfig', readFileSync(kubeconfig, 'utf8'));
      writeEnvdir(join(host.folder, 'etc/wal-g.d/env'), {
        ...standInWalg(join(host.folder, 'wal-g')),
        ...names,
        POSTGRES_STATUS_PATRONI_URL: leader.url,
        POSTGRES_STATUS_KUBECONFIG: kubeconfig,
      });
    }

    function published(name: string, namespace: string): Promise<string> {
      return until(`a document that cron published as ${name}`, async () => {
        const text = await api.published(name, namespace);
        return text.includes(leader.name) ? text : undefined;
      });
    }

    const WHOLE = () => ({
      node: { name: leader.name, role: 'primary' },
      collectors: { patroni: { ok: true }, walg_backups: { ok: true }, walg_verify: { ok: true } },
    });
  });

interface SpiloExample {
  data: { CRONTAB: string };
}

interface Kubeconfig {
  users: { user: { token: string } }[];
  clusters: { cluster: { server: string; 'certificate-authority': string } }[];
}

/** Forwards connections to port 443 of this address to a port on loopback. */
async function forward(address: string, port: number) {
  const server = createServer((socket) => {
    const onwards = connect(port, '127.0.0.1');
    socket.pipe(onwards).pipe(socket);
    socket.on('error', () => onwards.destroy());
    onwards.on('error', () => socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(443, address, listening));
  return {
    end: () => new Promise((closed) => server.close(closed)),
  };
}

type Host = ReturnType<typeof prepareHost>;

/** A machine with cron; its installed files are in its folder. */
function prepareHost(folder: string, name = 'host') {
  const mails = join(folder, 'mails');
  for (const path of ['cron.d', 'crontabs', 'run', 'usr/local/bin', 'pgroot'])
    mkdirSync(join(folder, path), { recursive: true });

  function install(path: string, content: string, mode = 0o644): void {
    const file = join(folder, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
  }
  install('etc/crontab', '');
  install('usr/sbin/sendmail', `#!/bin/sh\ncat >>'${mails}'\n`, 0o755);
  install('mails', '', 0o666);
  chmodSync(join(folder, 'pgroot'), 0o777);

  return {
    folder,
    install,
    installCommand: () => {
      symlinkSync(inject('postgresStatus'), join(folder, 'usr/local/bin/postgres-status'));
    },
    mails: () => readFileSync(mails, 'utf8'),
    start: () =>
      startDaemon(['unshare', '--mount', '--uts', '/bin/sh', '-e', '-c', MACHINE, 'cron', folder, name], {
        log: join(folder, 'cron.log'),
        environment: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      }),
  };
}

/** $1 is the folder of the installed files, $2 the name of the host. No job of this machine runs. The last command is the daemon. */
const MACHINE = `
hostname "$2"
for path in etc usr/local/bin usr/sbin; do
  mount -t overlay overlay -o "lowerdir=$1/$path:/$path" "/$path"
done
mount --bind "$1/cron.d" /etc/cron.d
for path in /run /home /var/lib/postgresql /var/spool/cron; do
  mount -t tmpfs tmpfs "$path"
done
cp -R "$1/run/." /run
mkdir -m 1777 -p /run/lock
chown postgres: /var/lib/postgresql
mkdir -p /home/postgres/pgdata/pgroot
mount --bind "$1/pgroot" /home/postgres/pgdata/pgroot
mkdir -m 1730 /var/spool/cron/crontabs
chgrp crontab /var/spool/cron/crontabs
if [ -e "$1/crontabs/postgres" ]; then crontab -u postgres "$1/crontabs/postgres"; fi
exec env -i /usr/sbin/cron -f -L 15
`;
