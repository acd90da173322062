import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recorded, type Reply } from '../../test/stand-ins/patroni.ts';

const FIXTURES = join(import.meta.dirname, '../../test/fixtures');
const PATRONI = join(FIXTURES, 'patroni/v4.1.4');
const WALG = join(FIXTURES, 'walg/v3.0.9');

const HOUR = 3_600_000;

/**
 * Patroni and WAL-G were recorded on two clusters. To look like one cluster, Patroni's replies get the system identifier, timeline and WAL
 * positions of the cluster that WAL-G backed up, and addresses of a usual network.
 */
const REPLACED: readonly (readonly [string, string])[] = [
  ['7710362530892479391', '7710506725831936494'],
  ['"timeline": 1', '"timeline": 3'],
  ['50331648', String(0x7c000028)],
  ['0/3000000', '0/7C000028'],
  ['[1, 83886240', `[1, ${String(0x450000a0)}`],
  ['[2, 100663456', `[2, ${String(0x630000a0)}`],
  ['127.0.0.1:20003', '10.0.0.1:8008'],
  ['127.0.0.1:20004', '10.0.0.2:8008'],
  ['"host": "127.0.0.1", "port": 20005', '"host": "10.0.0.1", "port": 5432'],
  ['"host": "127.0.0.1", "port": 20006', '"host": "10.0.0.2", "port": 5432'],
  ['"client_addr": "127.0.0.1"', '"client_addr": "10.0.0.2"'],
];
const LAST_FAILOVER = Date.parse('2026-11-20T21:09:26Z');

/** Replies of Patroni 4.1: node1 is the leader, node2 a replica, and the last of two failovers was six hours ago. */
export function patroniReplies(node: 'node1' | 'node2', now: number): (path: string) => Reply {
  const healthy = recorded(PATRONI, 's1_healthy', node);
  const afterFailovers = recorded(PATRONI, 's10_after_failover', 'node2');
  const moved = now - 6 * HOUR - LAST_FAILOVER;
  return (path) => {
    const reply = String(path === '/history' ? afterFailovers(path) : healthy(path));
    // the second failover went to node2, and in the healthy recording node1 leads
    const swapped =
      path === '/history' ? reply.replaceAll(/node[12]/g, (name) => `node${name === 'node1' ? '2' : '1'}`) : reply;
    return REPLACED.reduce((text, [from, to]) => text.replaceAll(from, to), swapped)
      .replaceAll(/"dcs_last_seen": \d+/g, `"dcs_last_seen": ${String(Math.floor(now / 1000))}`)
      .replaceAll(
        /"(\d{4}-\d\d-\d\d)([ T])([\d:.]+\+00:00)"/g,
        (_whole, day: string, between: string, time: string) => {
          const at = new Date(Date.parse(`${day}T${time}`) + moved).toISOString();
          return `"${at.replace('T', between).replace('Z', '+00:00')}"`;
        },
      );
  };
}

/** A recording of WAL-G 3.0.9 with an S3 endpoint that refuses connections. */
export const unreachableStorage = join(WALG, 's3-unreachable-2-retries');

/** WAL-G 3.0.9 with five backups and the WAL of three timelines, recorded within minutes. Their times are changed to be a day apart. */
export function healthyStorage(folder: string, now: number): string {
  const recording = join(folder, 'v3.0.9/healthy-three-timelines');
  mkdirSync(recording, { recursive: true });
  cpSync(join(WALG, 'healthy-three-timelines'), recording, { recursive: true });
  const listing = join(recording, 'backup-list--detail.stdout');
  writeFileSync(listing, oneBackupADay(readFileSync(listing, 'utf8'), now));
  return recording;
}

/** Sets the times of the backups, the newest half a day ago. Edits text, because the system identifier would lose digits as a number. */
function oneBackupADay(listing: string, now: number): string {
  const [open, ...backups] = listing.split(/(?=\{"backup_name")/);
  const moved = backups.map((backup, index) => {
    const start = Date.parse(/"start_time":"([^"]+)"/.exec(backup)?.[1] ?? '');
    const by = now - 12 * HOUR - (backups.length - 1 - index) * 24 * HOUR - start;
    return backup.replaceAll(
      /time":"([^"]+)"/g,
      (_whole, time: string) => `time":"${new Date(Date.parse(time) + by).toISOString()}"`,
    );
  });
  return [open, ...moved].join('');
}
