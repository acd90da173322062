import { connect } from 'node:net';
import { systemReason } from '../errors.ts';
import { isAtLeast } from '../document/members.ts';
import { leaderPosition } from '../walg/position.ts';
import { postgresAddress } from '../walg/postgres-address.ts';
import type { Check } from './check.ts';
import { failed, ok, skipped } from './finding.ts';
import type { Subject } from './subject.ts';

/** The time limit for connecting: a host that is down does not even refuse a connection. */
const MOST_TIME = 5_000;

/** PostgreSQL, if wal-verify needs it: with WAL-G before 3.0.8, or if Patroni does not report the leader's LSN. */
export const postgresql: Check = {
  name: 'postgresql',
  what: 'whether wal-g can reach PostgreSQL, if it needs it',
  needs: ['environment', 'wal_g', 'patroni'],
  hint: 'Set PGHOST and PGPORT in the WAL-G environment, or upgrade WAL-G to 3.0.8 or newer.',
  examine: async (subject) => {
    const { setUp, learnt, walg, patroni } = subject;
    const { version } = learnt;
    if (patroni === undefined || !setUp.collectors.includes('walg_verify'))
      return skipped('not needed: the collector walg_verify does not run');
    const isNew = version !== undefined && isAtLeast(version.text, 3, 0, 8);
    if (isNew && (await leaderPosition(patroni)) !== undefined)
      return skipped(`not needed: WAL-G ${version.text} gets the LSN from Patroni`);
    const { host, port } = whereIn({ ...walg.environment, ...(await postgresAddress(walg.environment, patroni)) });
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
      return failed(`PGPORT in the WAL-G environment is "${port}", which is not a port`);
    const where = host.startsWith('/') ? `${host}/.s.PGSQL.${port}` : `${host}:${port}`;
    const why = await refusal(host, port, Math.min(MOST_TIME, walg.remaining()));
    if (why !== undefined) return failed(`PostgreSQL does not accept connections at ${where} (${why})`);
    const { walg_verify: run } = await subject.collected();
    if (run?.ok === true) return ok(`wal-verify logged in at ${where}`);
    return run === undefined || run.timed_out
      ? ok(`it accepts connections at ${where}; the login of wal-g was not tried`)
      : failed(
          `it accepts connections at ${where}, but wal-verify failed: ${run.error ?? 'no reason given'}`,
          'If the login is the cause, set PGUSER, PGPASSWORD or PGPASSFILE and PGDATABASE in the WAL-G environment, or upgrade WAL-G to 3.0.8 or newer.',
        );
  },
};

function whereIn(environment: Subject['walg']['environment']): { host: string; port: string } {
  const { PGHOST, PGPORT } = environment;
  return { host: PGHOST || 'localhost', port: PGPORT || '5432' };
}

/** Why the connection fails; undefined = it is accepted. */
function refusal(host: string, port: string, time: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = host.startsWith('/')
      ? connect({ path: `${host}/.s.PGSQL.${port}` })
      : connect({ host, port: Number(port) });
    const timer = setTimeout(() => {
      end('no answer');
    }, time);
    const end = (why: string | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(why);
    };
    socket
      .once('connect', () => {
        end(undefined);
      })
      .once('error', (error) => {
        end(systemReason(error));
      });
  });
}
