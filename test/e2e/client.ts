import { setTimeout as sleep } from 'node:timers/promises';
import type { Member } from './patroni-cluster.ts';
import { run } from './processes.ts';

/** An attempt to commit; times are those of performance.now(). */
export interface Attempt {
  began: number;
  ended: number;
  committed: boolean;
  /** The error message of psql. */
  complaint: string;
}

/**
 * A client that commits a row five times a second on the member that accepts writes. If it cannot commit, no application can. A statement
 * that hangs is cancelled after two seconds.
 */
export function startClient(members: readonly Member[]) {
  const attempts: Attempt[] = [];
  const over = new AbortController();
  const hosts = members.map(() => '127.0.0.1').join(',');
  const ports = members.map(({ port }) => String(port)).join(',');
  const server = `host=${hosts} port=${ports} user=postgres dbname=postgres connect_timeout=2 target_session_attrs=read-write`;
  const statement =
    'create table if not exists commits (at timestamptz default now()); insert into commits default values';
  const psql = ['psql', '--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', `--command=${statement}`, server];
  const committing = (async () => {
    while (!over.signal.aborted) {
      const began = performance.now();
      const { status, stderr } = await run(['timeout', '2', ...psql], {
        environment: { PGOPTIONS: '--client-min-messages=warning' },
        statuses: [0, 1, 2, 3, 124],
      });
      attempts.push({ began, ended: performance.now(), committed: status === 0, complaint: stderr.trim() });
      await sleep(200);
    }
  })();
  return {
    attempts,
    /** The first attempt that began after `time` and committed. */
    commitAfter: (time: number) => attempts.find(({ began, committed }) => began > time && committed),
    async end(): Promise<void> {
      over.abort();
      await committing;
    },
  };
}
