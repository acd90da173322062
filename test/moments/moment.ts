/** The surroundings of the command at one moment: the replies of each member's Patroni, the output of WAL-G, and the time. */
export interface Moment {
  /** The clock of the host, epoch milliseconds. */
  at: number;
  /** The names of the members in --patroni-url, in that order. */
  asked: readonly string[];
  /** By name; connections to a member that is missing here are refused. */
  members: Readonly<Record<string, Replies>>;
  walg: WalgSays;
}

/** The parsed bodies. A request for a missing path is closed without an answer, as Patroni does without its DCS. */
export interface Replies {
  patroni?: NodeBody;
  cluster?: ClusterBody;
  config?: Body;
  history?: readonly unknown[];
}

export type Body = Readonly<Record<string, unknown>>;

export interface NodeBody extends Body {
  role: string;
  dcs_last_seen?: number;
}

export interface ClusterBody extends Body {
  members: readonly ClusterMember[];
}

export interface ClusterMember extends Body {
  name: string;
  /** Rewritten to the URL of that member's stand-in, if it is a URL with a host. */
  api_url?: string | null;
}

/** The output of a program, and its exit status. */
export interface Said {
  stdout: string;
  stderr: string;
  status: number;
}

/** The outputs of the stand-in for wal-g (`walg.ts`). */
export interface WalgSays {
  /** As `wal-g --version` prints it; a version before 3.0.8 refuses --timeline and --lsn. */
  version: string;
  /** The output of `backup-list --detail --json`. */
  backups: Said;
  /** The output of `wal-verify integrity timeline --json` for the current timeline. */
  verify: Said;
  /** The same for another timeline; if missing, it is computed from `show`. */
  verifyOn?: Readonly<Record<number, Said>>;
  /** The same without --timeline and --lsn: an error if PostgreSQL refuses the login. */
  verifyAsking?: Said;
  /** wal-verify is refused by PostgreSQL unless PGHOST is a folder of sockets. */
  needsSocket?: boolean;
  /** The output of `wal-show --detailed-json`. */
  show: Said;
  /** When a segment arrived, such as `2026-11-25 20:32:29`; `st stat` finds no other segment. */
  arrivals: Readonly<Record<string, string>>;
}

export const WALG_309 = 'wal-g version v3.0.9\t3e49318\t2026.08.20_10:00:00\tPostgreSQL';

export function said(stdout: string, stderr = ''): Said {
  return { stdout, stderr, status: 0 };
}

export function failed(stderr: string, status = 1): Said {
  return { stdout: '', stderr, status };
}
