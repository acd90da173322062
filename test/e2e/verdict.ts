import { expect } from 'vitest';
import type { StatusDocument } from '../../src/document/schema.ts';
import type { Situation } from './expected.ts';

/** The verdict of a run. */
export interface Verdict {
  status: string | undefined;
  /** The checks by name, as `status: message`. */
  checks: Readonly<Record<string, string>>;
}

/** The exit statuses of a monitoring plugin. */
export const PLUGIN_EXIT: Readonly<Record<string, number>> = { ok: 0, warning: 1, critical: 2, unknown: 3 };

export function verdictIn(stdout: string): Verdict {
  const { health } = JSON.parse(stdout) as StatusDocument;
  const checks = (health?.checks ?? []).map(({ name, status, message }) => [name, `${status}: ${message}`]);
  return { status: health?.status, checks: Object.fromEntries(checks) as Verdict['checks'] };
}

/** The whole expected verdict for a healthy cluster with healthy backups. */
export function verdictOn({ members, leader, switches, paused = false }: Omit<Situation, 'asked'>): Verdict {
  const timeline = switches.length + 1;
  const followers = members.filter((member) => member !== leader).map(({ name }) => name);
  const [last] = switches.slice(-1);
  const changed = `the leader changed ${String(switches.length)} time${switches.length === 1 ? '' : 's'}`;
  return {
    status: paused ? 'warning' : 'ok',
    checks: {
      collection: 'ok: patroni, walg_backups and walg_verify succeeded',
      leader: `ok: ${leader.name} is the leader and runs on timeline ${String(timeline)}, according to its own /patroni`,
      members: `ok: ${String(members.length)} members listed, at least 2 (--members-min)`,
      replicas: `ok: ${followers.join(' and ')} follow${followers.length === 1 ? 's' : ''} ${leader.name}`,
      lag: expect.stringMatching(/^ok: lag behind the leader: .*; the limit is 1 MiB/) as string,
      maintenance: paused ? PAUSED : 'ok: not paused',
      dcs: expect.stringMatching(/^ok: Patroni reaches its DCS \(last contact .* before this document\)$/) as string,
      archiving: expect.stringMatching(/^ok: archive_mode is on in Patroni's configuration/) as string,
      backup: expect.stringMatching(/^ok: the newest backup, base_00000001000000000000000F, is .* old/) as string,
      backup_source: expect.stringMatching(
        /^ok: base_00000001000000000000000F was taken from this cluster \(system identifier \d{19}, PostgreSQL \d+\)$/,
      ) as string,
      wal_integrity: expect.stringMatching(/^ok: no WAL is missing from /) as string,
      wal_timeline: expect.stringMatching(/^ok: .*timeline 1/) as string,
      failovers: expect.stringMatching(
        last === undefined
          ? /^ok: the leader changed 0 times in 24 hours, 0 times in 7 days$/
          : new RegExp(
              `^ok: ${changed} in 24 hours, .* in 7 days; last at .* UTC \\(.* ago\\), when timeline ${String(timeline - 1)} ended and ${last.name} took over$`,
            ),
      ) as string,
    },
  };
}

export const PAUSED = 'warning: Patroni is paused: no replica takes over if the leader fails';
