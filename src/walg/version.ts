import { CollectError } from '../errors.ts';
import type { WalgProgram } from './program.ts';

export interface Version {
  text: string;
  major: number;
  /** The database that this wal-g was built for: a build knows one. */
  database: string | undefined;
}

/** `wal-g version v3.0.9<tab>commit<tab>date of the build<tab>PostgreSQL`; a build of one's own says "devel". Undefined = no answer. */
export async function walgVersion(walg: WalgProgram, time?: number): Promise<Version | undefined> {
  const answer = await walg.run(['--version'], time === undefined ? {} : { time }).catch(() => undefined);
  const [version = '', , , database] = (answer?.stdout ?? '').trim().split('\t');
  const match = /^wal-g version v?((\d+)\.\d+(?:\.\d+)?)/.exec(version);
  return match === null ? undefined : { text: match[1] ?? '', major: Number(match[2]), database };
}

/** Why nothing of it fits, where this is the wal-g of another database; undefined where it is not, or does not say. */
export async function builtForAnother(walg: WalgProgram): Promise<CollectError | undefined> {
  const { database = 'PostgreSQL' } = (await walgVersion(walg)) ?? {};
  if (database === 'PostgreSQL') return undefined;
  return new CollectError(
    `this wal-g is built for ${database}: install the one for PostgreSQL, or give its path with --wal-g (${walg.program()})`,
  );
}
