import { asCollectError, TimeLimitError } from '../errors.ts';
import { isAtLeast } from '../document/members.ts';
import { formatDuration } from '../text/units.ts';
import type { Walg } from '../walg/client.ts';
import { WalgFailure } from '../walg/program.ts';
import type { Check } from './check.ts';
import { failed, ok, type Finding, warning } from './finding.ts';

/** If the call takes a larger share of the time for collecting, little is left for listing the WAL. */
const SLOW = 1 / 4;
/** The share of the time that the call may take, so that some is left for the other checks. */
const MOST_SHARE = 1 / 2;

/** The storage, read by WAL-G itself. */
export const storage: Check = {
  name: 'storage',
  what: 'whether wal-g can read the storage, and how fast',
  needs: ['environment', 'wal_g'],
  hint: 'The text after the exit status is the first error of WAL-G: repair the storage or correct the WAL-G environment.',
  isDiagnosed: true,
  examine: async ({ walg, learnt: { version } }) => {
    const whole = walg.remaining();
    const time = whole * MOST_SHARE;
    const started = performance.now();
    try {
      const { by, isProof } = await read(walg, version?.text, time);
      const took = performance.now() - started;
      const seconds = formatDuration(took / 1000);
      if (!isProof)
        return warning(
          `wal-g ${by} lists no backup (${seconds}); WAL-G ${String(version?.text)} prints the same if it cannot read the storage`,
          'Upgrade WAL-G to 2.0 or newer, which distinguishes the two.',
        );
      return speed(`it can be read: wal-g ${by} took ${seconds}`, took, whole);
    } catch (error) {
      const { message } = asCollectError(error);
      if (!(error instanceof TimeLimitError)) return failed(message);
      return failed(
        message,
        'The storage does not answer: check its endpoint, the network and proxies. If it is only slow, raise --timeout.',
      );
    }
  },
};

function speed(reason: string, took: number, whole: number): Finding {
  if (took < whole * SLOW) return ok(reason);
  const share = `${reason}: ${String(Math.round((100 * took) / whole))}% of the time for collecting`;
  return warning(share, 'Raise --timeout, or find out why the storage is slow.');
}

interface Read {
  /** The command that proved it. */
  by: string;
  isProof: boolean;
}

/** `st check read` exists from 2.0.1 on; an older `st` prints its help with exit status 0, and before that it is an unknown command. */
async function read(walg: Walg, version: string | undefined, time: number): Promise<Read> {
  if (version === undefined || isAtLeast(version, 2, 0, 1)) {
    try {
      const { stderr } = await walg.run(['st', 'check', 'read'], { time });
      if (stderr.includes('Read check OK')) return { by: 'st check read', isProof: true };
    } catch (error) {
      if (!(error instanceof WalgFailure && error.refused(/unknown command|unknown flag/))) throw error;
    }
  }
  const { stdout } = await walg.run(['backup-list', '--json'], { time });
  const isProof = (version !== undefined && isAtLeast(version, 2)) || stdout.trim().startsWith('[{');
  return { by: 'backup-list', isProof };
}
