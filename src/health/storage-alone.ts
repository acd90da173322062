import type { StatusDocument } from '../document/schema.ts';
import { count, listQuoted } from '../text/words.ts';
import { otherStorages, recoveryOf } from '../wal/read.ts';
import type { Remark } from './check.ts';

/**
 * A gap that lasts up to now, known from the list of what is in the storage (wal-show) if the result of wal-verify is not known. wal-show
 * needs no database, so this works when every database host is down, which is when somebody wants to restore.
 */
export function gapInStorage(document: StatusDocument): Remark | undefined {
  const recovery = recoveryOf(document);
  const gap = recovery?.gaps.at(-1);
  if (recovery?.from_storage_alone !== true || gap?.to !== null) return undefined;
  const { missing_segments: missing, from } = gap;
  const since = recovery.windows?.at(-1)?.to_at_most ?? from ?? 'the end of the last window';
  const others = otherStorages(document);
  const lost = `according to wal-show ${count(missing, 'WAL segment')} ${missing === 1 ? 'is' : 'are'} missing in the primary storage`;
  return others.length > 0
    ? {
        status: 'warning',
        text: `${lost}: either ${listQuoted(others)} has ${missing === 1 ? 'it' : 'them'}, which wal-show does not read, or no point in time after ${since} can be restored`,
      }
    : {
        status: 'critical',
        text: `${lost}: no point in time after ${since} can be restored until ${missing === 1 ? 'it arrives' : 'they arrive'} or a new backup is taken`,
      };
}
