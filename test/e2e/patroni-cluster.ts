import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { parseLsn } from '../../src/wal/lsn.ts';
import type { BackupSource } from './command.ts';
import { freePorts, run, startDaemon, tail, until, type Daemon, type Environment } from './processes.ts';

/** Patroni raises a shorter ttl to 20 s (from 3.2 on); the loop is short, so that changes are seen at once. */
export const TIMING = { ttl: 20, loop_wait: 1, retry_timeout: 3 };
export const SCOPE = 'acid-postgres';
const OWNER = 'postgres';

export interface Member {
  name: string;
  /** The URL of its REST API. */
  url: string;
  /** The port of its PostgreSQL. */
  port: number;
  dataFolder: string;
}

/** The parts of Patroni's replies that the suite reads. */
interface PatroniReply {
  state?: string;
  role?: string;
  timeline?: number;
  pause?: boolean;
  database_system_identifier: string;
  server_version: number;
}
interface ClusterReply {
  members: { name: string; role: string; state: string; lag?: number; lsn?: string; timeline?: number }[];
}

/** A part of Patroni's dynamic configuration; null removes a key. */
export type DynamicConfiguration = Readonly<Record<string, unknown>>;

export interface ClusterOptions {
  members: number;
  /** Also the prefix of the members' names. */
  scope?: string;
  archiveCommand?: string;
  /** Every set-up with WAL-G has one. With it, a replica without a leader is in the state "in archive recovery". */
  restoreCommand?: string;
  /** Added to the timing and to PostgreSQL's settings. */
  configuration?: DynamicConfiguration;
  /** Patroni's DCS; by default a new etcd. */
  dcs?: Dcs;
  /** Patroni's `citus` configuration: the group of this cluster. Groups after the first use the `dcs` of the first. */
  citus?: Readonly<Record<string, unknown>>;
  /** PostgreSQL settings in the local configuration, which are not in the dynamic configuration. */
  parameters?: Readonly<Record<string, string>>;
}

export interface Dcs {
  /** A section of Patroni's local configuration, such as `kubernetes`, for the n-th member. */
  configure: (member: number) => Readonly<Record<string, unknown>>;
  environment?: Environment;
}

export type PatroniCluster = Awaited<ReturnType<typeof startCluster>>;

/** Starts a real Patroni cluster with PostgreSQL and etcd, on loopback and below `folder`, and waits until it is healthy. */
export async function startCluster(folder: string, options: ClusterOptions) {
  const { members: count, scope = SCOPE, archiveCommand = 'test -f %p', restoreCommand, configuration = {} } = options;
  const { citus, parameters: local = {} } = options;
  for (const part of ['', 'etcd', 'socket', 'log', 'conf']) mkdirSync(join(folder, part), { recursive: true });
  await run(['chown', '-R', process.getuid?.() === 0 ? OWNER : String(process.getuid?.()), folder]);
  const [client = 0, peer = 0, ...ports] = await freePorts(2 + 2 * count);
  const etcd = `127.0.0.1:${String(client)}`;
  const dcs: Dcs = options.dcs ?? { configure: () => ({ etcd3: { hosts: etcd } }) };
  const members: Member[] = Array.from({ length: count }, (_, index) => ({
    name: `${citus === undefined ? scope : `${scope}-${String(citus['group'])}`}-${String(index)}`,
    url: `http://127.0.0.1:${String(ports[2 * index])}`,
    port: ports[2 * index + 1] ?? 0,
    dataFolder: join(folder, `data-${String(index)}`),
  }));
  const log = (name: string) => join(folder, 'log', `${name}.log`);
  const running = new Map<string, Daemon>();
  const parameters = {
    archive_mode: 'on',
    archive_command: archiveCommand,
    ...(restoreCommand !== undefined && { restore_command: restoreCommand }),
    shared_buffers: '16MB',
    fsync: 'off',
  };
  const dynamic = {
    ...{ ...TIMING, maximum_lag_on_failover: 1_048_576 },
    postgresql: { use_pg_rewind: true, parameters },
    ...configuration,
  };
  const configurationOf = ({ name }: Member) => join(folder, 'conf', `${name}.yml`);

  function configure(member: Member, tags: MemberTags = {}): void {
    const settings = {
      ...patroniConfiguration(member, { folder, scope, dynamic, local }),
      ...dcs.configure(members.indexOf(member)),
      ...(citus !== undefined && { citus }),
      tags,
    };
    writeFileSync(configurationOf(member), JSON.stringify(settings));
  }

  function start(member: Member): void {
    const command = [join(inject('patroni'), 'patroni'), configurationOf(member)];
    const environment = { HOME: folder, ...dcs.environment };
    running.set(member.name, startDaemon(command, { user: OWNER, log: log(member.name), environment }));
  }

  function startDcs(): void {
    const [clientUrl, peerUrl] = [`http://${etcd}`, `http://127.0.0.1:${String(peer)}`];
    const command = ['etcd', '--name', 'dcs', '--data-dir', join(folder, 'etcd/data'), '--unsafe-no-fsync'];
    command.push('--listen-client-urls', clientUrl, '--advertise-client-urls', clientUrl);
    command.push('--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl);
    command.push('--initial-cluster', `dcs=${peerUrl}`);
    running.set('dcs', startDaemon(command, { user: OWNER, log: log('etcd') }));
  }

  /** The member that is leader according to its own /patroni. */
  async function leader(): Promise<Member> {
    return until('a member that leads', async () => {
      for (const member of members) {
        const { role, state } = await ask<PatroniReply>(member, 'patroni').catch((): Partial<PatroniReply> => ({}));
        if (role === 'primary' && state === 'running') return member;
      }
      return undefined;
    });
  }

  /**
   * Waits until `present` members are healthy: one is the leader, the others stream from it without lag, all are on its timeline, and
   * /history contains the last switch.
   */
  async function settled(present = count): Promise<void> {
    await until('a leader, and every other member streaming from it without lag', async () => {
      const leading = await leader();
      const { timeline } = await ask<PatroniReply>(leading, 'patroni');
      const { members: listed } = await ask<ClusterReply>(leading, 'cluster');
      const fit = listed.filter(
        (member) =>
          member.timeline === timeline &&
          (member.role === 'leader' ? member.state === 'running' : member.state === 'streaming' && member.lag === 0),
      );
      if (listed.length !== present || fit.length !== present) return undefined;
      for (const { name } of listed) {
        const member = members.find((candidate) => candidate.name === name) ?? leading;
        const own = await ask<PatroniReply>(member, 'patroni');
        const history = await ask<unknown[]>(member, 'history');
        if (own.timeline !== timeline || own.state !== 'running' || history.length + 1 !== timeline) return undefined;
      }
      return timeline;
    });
  }

  /** Waits until each replica has reported this position. Before, Patroni counts lag from an older one, and calls it 16 MiB after a switch of WAL. */
  async function reached(lsn: string): Promise<void> {
    const least = parseLsn(lsn) ?? 0n;
    await until(`each replica to have reported ${lsn}`, async () => {
      const { members: listed } = await ask<ClusterReply>(await leader(), 'cluster');
      const replicas = listed.filter(({ role }) => role !== 'leader');
      return replicas.every((member) => (parseLsn(member.lsn ?? '') ?? 0n) >= least) ? listed : undefined;
    });
  }

  async function switchover(candidate: Member): Promise<void> {
    const from = await leader();
    await send(from, 'POST', 'switchover', { leader: from.name, candidate: candidate.name });
    await settled();
  }

  /** Simulates the crash of a host: kills Patroni and PostgreSQL with SIGKILL. */
  async function kill(member: Member): Promise<void> {
    const postmaster = postmasterPid(member);
    await running.get(member.name)?.end('SIGKILL');
    if (postmaster !== undefined) process.kill(postmaster, 'SIGKILL');
    running.delete(member.name);
  }

  /** Kills Patroni only; its PostgreSQL keeps running. */
  async function killPatroni({ name }: Member): Promise<void> {
    await running.get(name)?.end('SIGKILL');
    running.delete(name);
  }

  /** Simulates the shutdown of a host: Patroni stops its PostgreSQL, and records that in the DCS. */
  async function stop({ name }: Member): Promise<void> {
    await running.get(name)?.end();
    running.delete(name);
  }

  /** Changes the tags of a member, which Patroni reads on reload. */
  async function tag(member: Member, tags: MemberTags): Promise<void> {
    configure(member, tags);
    await send(member, 'POST', 'reload', {});
  }

  /** Changes the dynamic configuration, as `patronictl edit-config` does. */
  async function reconfigure(changes: DynamicConfiguration): Promise<void> {
    await send(await leader(), 'PATCH', 'config', changes);
  }

  async function restart(member: Member): Promise<void> {
    await send(member, 'POST', 'restart', {});
  }

  async function pause(paused: boolean): Promise<void> {
    const present = members.filter(({ name }) => running.has(name));
    const [asked = await leader()] = present;
    await send(asked, 'PATCH', 'config', { pause: paused || null });
    for (const member of present)
      await until(`${member.name} ${paused ? 'paused' : 'resumed'}`, async () =>
        (await ask<PatroniReply>(member, 'patroni')).pause === (paused || undefined) ? true : undefined,
      );
  }

  /** The identity of this cluster that WAL-G records in a backup. */
  async function backupSource(): Promise<BackupSource> {
    const reply = await ask<PatroniReply>(await leader(), 'patroni');
    return { systemIdentifier: reply.database_system_identifier, serverVersion: reply.server_version };
  }

  /** Patroni stops its PostgreSQL; a PostgreSQL whose Patroni was killed is stopped here. */
  async function end(): Promise<void> {
    await Promise.all(members.map(async ({ name }) => running.get(name)?.end()));
    for (const member of members) {
      const postmaster = postmasterPid(member);
      if (postmaster !== undefined) process.kill(postmaster, 'SIGQUIT');
    }
    await running.get('dcs')?.end();
  }

  try {
    if (options.dcs === undefined) startDcs();
    for (const member of members) {
      configure(member);
      start(member);
    }
    if (!('standby_cluster' in configuration)) await settled();
  } catch (error) {
    const logs = readdirSync(join(folder, 'log')).map((name) => `${name}:\n${tail(join(folder, 'log', name))}`);
    await end();
    throw new Error(`the cluster did not start\n${logs.join('\n')}`, { cause: error });
  }
  return {
    members,
    start,
    leader,
    settled,
    reached,
    switchover,
    kill,
    killPatroni,
    isRunning: ({ name }: Member) => running.has(name),
    /** The candidate that is leader according to its own /patroni, if any. */
    leads: async (...candidates: Member[]): Promise<Member | undefined> => {
      for (const member of candidates)
        if ((await ask<PatroniReply>(member, 'patroni')).role === 'primary') return member;
      return undefined;
    },
    stop,
    tag,
    reconfigure,
    restart,
    pause,
    backupSource,
    startDcs,
    stopDcs: async () => running.get('dcs')?.end(),
    end,
    /** Sends a request to Patroni. */
    ask,
    replicas: async () => {
      const { name } = await leader();
      return members.filter((member) => member.name !== name);
    },
  };
}

/** Patroni's tags of a member, such as nofailover and replicatefrom. */
export type MemberTags = Readonly<Record<string, boolean | number | string>>;

/** The output of psql. @throws if PostgreSQL reports an error, or does not answer within `limit` seconds. */
export async function sql({ port }: Pick<Member, 'port'>, statement: string, limit = 10): Promise<string> {
  const server = `host=127.0.0.1 port=${String(port)} user=postgres dbname=postgres connect_timeout=2`;
  const { stdout } = await run([
    ...['timeout', '--signal=KILL', String(limit)],
    ...['psql', '--no-psqlrc', '-qtA', `--command=${statement}`, server],
  ]);
  return stdout.trim();
}

async function ask<Reply>(member: Member, path: string): Promise<Reply> {
  const response = await fetch(`${member.url}/${path}`, { signal: AbortSignal.timeout(10_000) });
  return (await response.json()) as Reply;
}

async function send(member: Member, method: string, path: string, body: unknown): Promise<void> {
  const response = await fetch(`${member.url}/${path}`, {
    method,
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) throw new Error(`${method} ${path}: HTTP ${String(response.status)} ${await response.text()}`);
}

/** The pid of its PostgreSQL, if it runs. The command line must contain the data folder, because the pid may have been reused. */
function postmasterPid({ dataFolder }: Member): number | undefined {
  const file = join(dataFolder, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const commandLine = `/proc/${String(pid)}/cmdline`;
  return existsSync(commandLine) && readFileSync(commandLine, 'utf8').includes(dataFolder) ? pid : undefined;
}

interface PatroniOptions {
  folder: string;
  scope: string;
  dynamic: DynamicConfiguration;
  local: Readonly<Record<string, string>>;
}

/** JSON is YAML. */
function patroniConfiguration(
  { name, url, port, dataFolder }: Member,
  { folder, scope, dynamic, local }: PatroniOptions,
) {
  const address = `127.0.0.1:${String(port)}`;
  const api = new URL(url).host;
  return {
    scope,
    name,
    restapi: { listen: api, connect_address: api },
    bootstrap: {
      dcs: dynamic,
      initdb: [{ encoding: 'UTF8' }, 'data-checksums'],
    },
    postgresql: {
      listen: address,
      connect_address: address,
      data_dir: dataFolder,
      bin_dir: newestPostgres(),
      pgpass: join(folder, 'conf', `pgpass-${name}`),
      pg_hba: ['local all all trust', 'host all all 127.0.0.1/32 trust', 'host replication all 127.0.0.1/32 trust'],
      authentication: {
        superuser: { username: 'postgres', password: 'secret' },
        replication: { username: 'replicator', password: 'secret' },
        rewind: { username: 'rewinder', password: 'secret' },
      },
      parameters: { unix_socket_directories: join(folder, 'socket'), ...local },
    },
  };
}

const POSTGRES = '/usr/lib/postgresql';

function newestPostgres(): string {
  const versions = readdirSync(POSTGRES).filter((version) => existsSync(join(POSTGRES, version, 'bin/initdb')));
  return join(POSTGRES, String(Math.max(...versions.map(Number))), 'bin');
}
