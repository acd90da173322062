import { expect, test } from 'vitest';
import { startHost } from '../stand-ins/host.ts';
import { needs } from '../stand-ins/needs.ts';
import { httpReply } from '../stand-ins/patroni.ts';

const ARGUMENTS = ['--wal-g', '/nowhere/wal-g'];

/** Patroni refuses connections, and there is no wal-g. */
const blindHost = () => startHost({ patroni: () => httpReply(500, '') });

/** Replaces values that differ between two runs. */
const timeless = (text: string) =>
  text
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'YYYY-MM-DD hh:mm:ss UTC')
    .replaceAll(/ +\d+(\.\d+)? m?s  failed/g, '  … ms  failed');

test('the report names each cause once, and what cannot be judged without it in one line', async () => {
  const host = await blindHost();
  const { status, stdout, stderr } = await host.run(...ARGUMENTS, '--format', 'report');
  expect({ status, stdout: timeless(stdout), stderr: timeless(stderr) }).toEqual({
    status: 1,
    stdout: ` UNKNOWN  postgres-demo                        YYYY-MM-DD hh:mm:ss UTC, just now

 ? collection  patroni failed: http://127.0.0.1:PORT/patroni: HTTP 500: is this
               Patroni's REST API?; walg_backups and walg_verify failed:
               /nowhere/wal-g is not an executable file: correct --wal-g
 ? not judged without patroni: leader, members, replicas, synchronous, lag,
   maintenance, dcs, archiving, failovers; without walg_backups: backup,
   backup_source; without walg_verify: wal_integrity, wal_timeline

Not known  Members, Backups, WAL and Failovers

Collectors  postgres-status 1.0.0
  ? patroni  … ms  failed
  ? walg_backups  … ms  failed
  ? walg_verify  … ms  failed
`,
    stderr: [
      "postgres-status: patroni: http://127.0.0.1:PORT/patroni: HTTP 500: is this Patroni's REST API?",
      'postgres-status: walg_backups: /nowhere/wal-g is not an executable file: correct --wal-g',
      'postgres-status: walg_verify: /nowhere/wal-g is not an executable file: correct --wal-g',
      '',
    ].join('\n'),
  });
});

test('the first line of the plugin has the causes, and the names of the other checks', async () => {
  const host = await blindHost();
  const { stdout } = await host.run('--wal-g', '/nowhere/wal-g', '--check', '--collect', 'walg_backups');
  expect(stdout.split('\n')[0]).toBe(
    'POSTGRES UNKNOWN - postgres-demo: collection: walg_backups failed: /nowhere/wal-g is not an executable file: correct --wal-g; also backup',
  );
});

needs('script')('on a terminal stderr does not say again what the report has just said', async () => {
  const host = await blindHost();
  const show = async (line: string) => {
    host.program('on-terminal', 'stty cols 80 rows 24', line);
    const { stdout } = await host.shell(
      'export CLI; script --quiet --return --command on-terminal /dev/null < /dev/null',
    );
    return stdout.match(/is not an executable file/g)?.length;
  };
  const line = `TERM=dumb $CLI ${ARGUMENTS.join(' ')} --format report`;
  expect(await show(line)).toBe(3);
  expect(await show(line.replace('dumb', 'xterm'))).toBe(1);
  expect(await show(line.replace('dumb', 'xterm').replace('report', 'json'))).toBeGreaterThan(2);
});
