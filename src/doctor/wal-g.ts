import { isAtLeast } from '../document/members.ts';
import { parseVersion } from '../walg/version.ts';
import type { Check } from './check.ts';
import { failed, ok, skipped, warning } from './finding.ts';
import type { Subject } from './subject.ts';

const MOST_TIME = 5_000;

/** The wal-g program, its version, and the database that it was built for. */
export const walG: Check = {
  name: 'wal_g',
  what: 'the wal-g program, its version and its database',
  hint: 'Install WAL-G for PostgreSQL, or give its path with --wal-g.',
  examine: async ({ setUp, walg, learnt }) => {
    if (!usesWalg(setUp)) return skipped('no collector that uses wal-g runs (--collect, --skip)');
    const path = walg.program();
    const { stdout } = await walg.run(['--version'], { time: MOST_TIME });
    const version = parseVersion(stdout);
    learnt.version = version;
    if (version === undefined)
      return warning(
        `${path} does not report its version`,
        'Install a released WAL-G: it is not known what a local build can do.',
      );
    const { text, database = 'PostgreSQL' } = version;
    if (database !== 'PostgreSQL') return failed(`${path} is WAL-G ${text} for ${database}`);
    if (isAtLeast(text, 0, 2, 20)) return ok(`${path} is WAL-G ${text} for ${database}`);
    return warning(
      `${path} is WAL-G ${text}, which cannot verify the WAL as it is needed here`,
      'Upgrade WAL-G to 0.2.20 or newer (3.0.8 and newer need no database login), or use --skip walg_verify.',
    );
  },
};

export function usesWalg({ collectors }: Subject['setUp']): boolean {
  return collectors.some((name) => name !== 'patroni');
}
