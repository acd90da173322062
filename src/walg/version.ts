import { CollectError } from '../errors.ts';
import type { WalgProgram } from './program.ts';

export interface Version {
  text: string;
  major: number;
  /** The database for which this wal-g was built. */
  database: string | undefined;
}

/** A `wal-g` whose version is determined at most once in a run, and only if it is needed. */
export interface VersionedProgram extends WalgProgram {
  /** Undefined = not known. */
  version(): Promise<Version | undefined>;
}

/** The time limit, milliseconds: `wal-g --version` reads neither storage nor PostgreSQL. */
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

/** Parses `wal-g version v3.0.9<tab>commit<tab>build date<tab>PostgreSQL`; a local build says "devel" instead. */
export function parseVersion(stdout: string): Version | undefined {
  const [version = '', , , database] = stdout.trim().split('\t');
  const match = /^wal-g version v?((\d+)\.\d+(?:\.\d+)?)/.exec(version);
  return match === null ? undefined : { text: match[1] ?? '', major: Number(match[2]), database };
}

/** The error if this wal-g is built for another database; undefined if it is not, or if that is not known. */
export async function builtForAnother(walg: VersionedProgram): Promise<CollectError | undefined> {
  const { database = 'PostgreSQL' } = (await walg.version()) ?? {};
  if (database === 'PostgreSQL') return undefined;
  return new CollectError(
    `this wal-g is built for ${database}: install the one for PostgreSQL, or give its path with --wal-g (${walg.program()})`,
  );
}
