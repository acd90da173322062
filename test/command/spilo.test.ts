import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { StatusDocument } from '../../src/document/schema.ts';
import { WALG } from '../stand-ins/collect.ts';
import { startHost } from '../stand-ins/host.ts';

const V305 = join(import.meta.dirname, '../fixtures/walg/v3.0.5/healthy-three-timelines');
/** Its pg_hba.conf trusts only the socket. wal-g 3.0.5 has no --lsn, so it connects to PostgreSQL, by TCP unless PGHOST is a folder. */
const REFUSED = 'FATAL: password authentication failed for user "postgres" (SQLSTATE 28P01)';
const PROGRAM = `case "$PGHOST $*" in
  *' wal-verify '*' --lsn '* | '/'*' wal-verify '*) ;;
  *' wal-verify '*) echo 'ERROR: 2026/11/25 10:00:00.020000 Connect: postgres connection failed: ${REFUSED}' >&2; exit 1 ;;
esac
exec ${WALG} "$@"`;

/** A port that only this process uses, and the file of the socket that PostgreSQL would create for it. */
function socket(): string {
  const port = String(50_000 + (process.pid % 10_000));
  const file = `/tmp/.s.PGSQL.${port}`;
  writeFileSync(file, '');
  onTestFinished(() => {
    rmSync(file, { force: true });
  });
  return port;
}

async function run(PGPORT: string) {
  const host = await startHost({ walg: { WALG_RECORDING: V305, PGPORT } });
  host.program('wal-g', PROGRAM);
  const { status, stdout, stderr } = await host.run();
  const { walg_integrity, collectors } = JSON.parse(stdout) as StatusDocument;
  return { status, stderr, integrity: walg_integrity?.integrity.status, error: collectors?.walg_verify?.error };
}

test("Spilo's environment has PGPORT and no PGHOST: WAL-G gets the folder of that port's socket", async () => {
  expect(await run(socket())).toEqual({ status: 0, stderr: '', integrity: 'OK', error: null });
});

test('a port without a socket: the error of WAL-G', async () => {
  const error = `wal-g wal-verify integrity timeline --json failed with exit status 1: Connect: postgres connection failed: ${REFUSED}`;
  expect(await run('49999')).toEqual({
    status: 1,
    stderr: `postgres-status: walg_verify: ${error}\n`,
    integrity: undefined,
    error,
  });
});
