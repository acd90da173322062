import { completedAt } from '../../document/backups.ts';
import {
  inNumbers,
  standingOf,
  worstStatus,
  type Judged,
  type JudgedDocument,
  type Standing,
} from '../../document/cluster.ts';
import { isFit } from '../../document/fitness.ts';
import { largestLag, lockHolders } from '../../document/members.ts';
import { worstFirst } from '../../document/status.ts';
import { printable } from '../../text/printable.ts';
import { epochSeconds } from '../../text/times.ts';
import { formatBriefBytes, formatBriefDuration } from '../../text/units.ts';
import { newestRestorable, recoveryOf } from '../../wal/read.ts';
import { places } from './places.ts';
import { width, wrap } from './text.ts';
import { table, type Cell, type Column, type Note } from './table.ts';
import type { Paint } from './paint.ts';
import { BADGES, MARKS } from './verdict.ts';

const HINT = 'One cluster in full: --details NAME';

/** What the table shows of a cluster; the facts are empty if there is no document or they are not known. */
export interface Line extends Standing {
  facts: Readonly<Record<Fact, string>>;
}

type Fact = 'FOR' | 'LEADER' | 'MEMBERS' | 'LAG' | 'BACKUP' | 'SAFE' | 'SEEN';

export function lineOf(cluster: Judged, now: number): Line {
  const { name, document } = cluster;
  return { ...standingOf(cluster), facts: document === null ? NONE : facts(document, name, now) };
}

const NONE = { FOR: '', LEADER: '', MEMBERS: '', LAG: '', BACKUP: '', SAFE: '', SEEN: '' };

function facts(document: JudgedDocument, name: string, now: number): Line['facts'] {
  return {
    FOR: lasts(document, now),
    LEADER: leader(document, name),
    MEMBERS: members(document),
    LAG: lag(document),
    BACKUP: backupAge(document, now),
    SAFE: safeAge(document, now),
    SEEN: formatBriefDuration(now - document.current_timestamp),
  };
}

/**
 * All clusters in one table, worst first: one line for each, with its worst reason. At 80 columns the facts fill the line, and 15 cells would
 * be left for a reason of 100, so the reason of a cluster that is not ok is the line below: the first words of each would say the same.
 */
export function clusters(all: readonly Line[], columns: number, paint: Paint): string[] {
  const sorted = worstFirst(all, ({ status }) => status);
  const verdict = worstStatus(all);
  const { common, column: from } = places(sorted);
  const badge = ` ${verdict.toUpperCase()} `;
  const room = columns - badge.length - 1;
  const totals = all.length === 0 ? 'no cluster was found' : inNumbers(all);
  const place = common === '' ? '' : printable(`all in ${common}`);
  const together = `${totals} · ${place}`;
  const [first = '', ...more] = place !== '' && width(together) <= room ? [together] : wrap(totals, room);
  const below = place === '' || first === together ? [] : wrap(place, columns - 1);
  const column = (title: Fact, layout: Omit<Column, 'title' | 'cells'>): Column => ({
    title,
    cells: sorted.map((line) => ({ text: line.facts[title] })),
    ...layout,
  });
  return [
    `${paint(BADGES[verdict], badge)} ${paint('title', first)}`,
    ...[...more, ...below].map((line) => ` ${line}`),
    ...(all.length === 0 ? [] : ['']),
    ...table(
      [
        { title: 'VERDICT', cells: sorted.map(verdictCell) },
        column('FOR', { align: 'right', dispensable: 1 }),
        {
          title: 'CLUSTER',
          cells: sorted.map(({ name }) => ({ text: name })),
          least: 8,
          enough: 14,
          keepsEnd: true,
        },
        ...(from === undefined ? [] : [{ ...from, dispensable: 3, least: 8, enough: 10, keepsEnd: true }]),
        column('LEADER', { least: 6, enough: 6, keepsEnd: true, dispensable: 5 }),
        column('MEMBERS', { align: 'right', dispensable: 6 }),
        column('LAG', { align: 'right', dispensable: 4 }),
        column('BACKUP', { align: 'right' }),
        column('SAFE', { align: 'right', dispensable: 2 }),
        column('SEEN', { align: 'right', dispensable: 1 }),
      ],
      sorted.map(note),
      columns,
      paint,
      'wide',
    ),
    ...(sorted.some(({ isRead, status }) => isRead && status !== 'ok') ? ['', `  ${paint('faint', HINT)}`] : []),
  ];
}

/** One line of it, because --details has the rest. Why there is no document stands nowhere else, so it is wrapped. */
function note({ status, reason, isRead }: Line): Note {
  if (status === 'ok') return '';
  return isRead ? { cut: reason } : reason;
}

function verdictCell({ status }: Line): Cell {
  return { text: `${MARKS[status]} ${status}`, style: status };
}

/** How long its worst checks have had this status; empty if all checks are ok or that is not known. */
function lasts({ health: { status, checks } }: JudgedDocument, now: number): string {
  if (status === 'ok') return '';
  const times = checks.flatMap((check) => (check.status === status && check.since !== undefined ? [check.since] : []));
  return times.length === 0 ? '' : formatBriefDuration(now - times.reduce((first, time) => Math.min(first, time)));
}

/** Operators call the members of the cluster acid-crm acid-crm-0, acid-crm-1, …: beside that name, `…-0` says the same. */
function leader(document: JudgedDocument, cluster: string): string {
  return lockHolders(document)
    .map(({ name }) => (name.startsWith(`${cluster}-`) ? `…${name.slice(cluster.length)}` : name))
    .join(', ');
}

/** Healthy members of all members. */
function members(document: JudgedDocument): string {
  const { members: all } = document.cluster_status;
  return all.length === 0 ? '' : `${all.filter((member) => isFit(member, document)).length}/${all.length}`;
}

/** The largest lag; empty if no replica has a known lag. */
function lag({ cluster_status: { members: all } }: JudgedDocument): string {
  const largest = largestLag(all);
  return largest === undefined ? '' : formatBriefBytes(largest);
}

/** The age of the newest backup that can be restored. */
function backupAge(document: JudgedDocument, now: number): string {
  if (document.walg_last_backup === null) return '?';
  const newest = newestRestorable(document);
  if (newest === undefined) return 'none';
  const completed = completedAt(newest, now * 1000);
  return completed === undefined ? '?' : formatBriefDuration(now - completed / 1000);
}

/** The age of the point in time up to which everything is in the storage; empty if that is not known. */
function safeAge(document: JudgedDocument, now: number): string {
  const safe = epochSeconds(recoveryOf(document)?.safe_up_to ?? undefined);
  return safe === undefined ? '' : formatBriefDuration(now - safe);
}
