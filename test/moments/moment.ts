/** Everything that the command meets at one moment: what each member's Patroni says, what WAL-G says, and the time. */
export interface Moment {
  /** Epoch milliseconds: the clock of the host. */
  at: number;
  /** The names of the members whose URLs are given, in their order. */
  asked: readonly string[];
  /** By name; nobody listens where a member is not here. */
  members: Readonly<Record<string, Replies>>;
  walg: WalgSays;
}

/** The bodies, as JSON has them; a path that is missing is closed without an answer, as Patroni does without its DCS. */
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
  /** Rewritten to that member's stand-in where it is a URL with a host. */
  api_url?: string | null;
}

/** What a program printed, and its exit status. */
export interface Said {
  stdout: string;
  stderr: string;
  status: number;
}

/** What the stand-in wal-g (`walg.ts`) says. */
export interface WalgSays {
  /** As `wal-g --version` prints it; a version before 3.0.8 refuses --timeline and --lsn. */
  version: string;
  /** Of `backup-list --detail --json`. */
  backups: Said;
  /** Of `wal-verify integrity timeline --json`, asked about the present. */
  verify: Said;
  /** The same, where another timeline is asked about; what is not here is worked out from `show`. */
  verifyOn?: Readonly<Record<number, Said>>;
  /** The same, where no position is given: what PostgreSQL refuses. */
  verifyAsking?: Said;
  /** wal-verify is refused by PostgreSQL unless PGHOST is a folder of sockets. */
  needsSocket?: boolean;
  /** Of `wal-show --detailed-json`. */
  show: Said;
  /** When a segment arrived, `2026-11-25 20:32:29`; `st stat` knows no others. */
  arrivals: Readonly<Record<string, string>>;
}

export const WALG_309 = 'wal-g version v3.0.9\t3e49318\t2026.08.20_10:00:00\tPostgreSQL';

export function said(stdout: string, stderr = ''): Said {
  return { stdout, stderr, status: 0 };
}

export function failed(stderr: string, status = 1): Said {
  return { stdout: '', stderr, status };
}
