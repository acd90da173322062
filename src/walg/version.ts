import { CollectError } from '../errors.ts';
import type { WalgProgram } from './program.ts';

export interface Version {
  text: string;
  major: number;
  /** The database that this wal-g was built for: a build knows one. */
  database: string | undefined;
}

/** A `wal-g` that is asked for its version at most once in a run, and only where something depends on it. */
export interface VersionedProgram extends WalgProgram {
  /** Undefined = it did not say. */
  version(): Promise<Version | undefined>;
}

/** Milliseconds: it reads nothing but its own command line. */
const MOST_TIME = 10_000;

export function withVersion(program: WalgProgram): VersionedProgram {
  let answer: Promise<Version | undefined> | undefined;
  return { ...program, version: () => (answer ??= askVersion(program)) };
}

async function askVersion(walg: WalgProgram): Promise<Version | undefined> {
  const time = Math.min(MOST_TIME, walg.remaining() / 2);
  const answer = await walg.run(['--version'], { time }).catch(() => undefined);
  return parseVersion(answer?.stdout ?? '');
}

/** `wal-g version v3.0.9<tab>commit<tab>date of the build<tab>PostgreSQL`; a build of one's own says "devel". */
export function parseVersion(stdout: string): Version | undefined {
  const [version = '', , , database] = stdout.trim().split('\t');
  const match = /^wal-g version v?((\d+)\.\d+(?:\.\d+)?)/.exec(version);
  return match === null ? undefined : { text: match[1] ?? '', major: Number(match[2]), database };
}

/** Why nothing of it fits, where this is the wal-g of another database; undefined where it is not, or does not say. */
export async function builtForAnother(walg: VersionedProgram): Promise<CollectError | undefined> {
  const { database = 'PostgreSQL' } = (await walg.version()) ?? {};
  if (database === 'PostgreSQL') return undefined;
  return new CollectError(
    `this wal-g is built for ${database}: install the one for PostgreSQL, or give its path with --wal-g (${walg.program()})`,
  );
}
