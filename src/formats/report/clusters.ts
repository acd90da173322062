import { completedAt } from '../../document/backups.ts';
import {
  inNumbers,
  mainReason,
  statusOf,
  worstStatus,
  type Judged,
  type JudgedDocument,
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

/**
 * All clusters in one table, worst first: one line for each, with its worst reason. At 80 columns the facts fill the line, and 15 cells would
 * be left for a reason of 100, so the reason of a cluster that is not ok is the line below: the first words of each would say the same.
 */
export function clusters(all: readonly Judged[], now: number, columns: number, paint: Paint): string[] {
  const sorted = worstFirst(all, statusOf);
  const verdict = worstStatus(all);
  const { common, column: from } = places(sorted);
  const badge = ` ${verdict.toUpperCase()} `;
  const room = columns - badge.length - 1;
  const totals = all.length === 0 ? 'no cluster was found' : inNumbers(all);
  const place = common === '' ? '' : printable(`all in ${common}`);
  const together = `${totals} · ${place}`;
  const [first = '', ...more] = place !== '' && width(together) <= room ? [together] : wrap(totals, room);
  const below = place === '' || first === together ? [] : wrap(place, columns - 1);
  return [
    `${paint(BADGES[verdict], badge)} ${paint('title', first)}`,
    ...[...more, ...below].map((line) => ` ${line}`),
    ...(all.length === 0 ? [] : ['']),
    ...table(
      [
        { title: 'VERDICT', cells: sorted.map(verdictCell) },
        column('FOR', sorted, (document) => lasts(document, now), { align: 'right', dispensable: 1 }),
        {
          title: 'CLUSTER',
          cells: sorted.map(({ name }) => ({ text: name })),
          least: 8,
          enough: 14,
          keepsEnd: true,
        },
        ...(from === undefined ? [] : [{ ...from, dispensable: 3, least: 8, enough: 10, keepsEnd: true }]),
        column('LEADER', sorted, leader, { least: 6, enough: 6, keepsEnd: true, dispensable: 5 }),
        column('MEMBERS', sorted, members, { align: 'right', dispensable: 6 }),
        column('LAG', sorted, lag, { align: 'right', dispensable: 4 }),
        column('BACKUP', sorted, (document) => backupAge(document, now), { align: 'right' }),
        column('SAFE', sorted, (document) => safeAge(document, now), { align: 'right', dispensable: 2 }),
        column('SEEN', sorted, (document) => formatBriefDuration(now - document.current_timestamp), {
          align: 'right',
          dispensable: 1,
        }),
      ],
      sorted.map(reason),
      columns,
      paint,
      'wide',
    ),
    ...(sorted.some(({ document }) => document !== null && document.health.status !== 'ok')
      ? ['', `  ${paint('faint', HINT)}`]
      : []),
  ];
}

/** One line of it, because --details has the rest. Why there is no document stands nowhere else, so it is wrapped. */
function reason(cluster: Judged): Note {
  if (statusOf(cluster) === 'ok') return '';
  return cluster.document === null ? cluster.error : { cut: mainReason(cluster) };
}

function verdictCell(cluster: Judged): Cell {
  const status = statusOf(cluster);
  return { text: `${MARKS[status]} ${status}`, style: status };
}

/** How long its worst checks have had this status; empty if all checks are ok or that is not known. */
function lasts({ health: { status, checks } }: JudgedDocument, now: number): string {
  if (status === 'ok') return '';
  const times = checks.flatMap((check) => (check.status === status && check.since !== undefined ? [check.since] : []));
  return times.length === 0 ? '' : formatBriefDuration(now - times.reduce((first, time) => Math.min(first, time)));
}

/** A column with facts from the documents; a cell is empty if there is no document. */
function column(
  title: string,
  all: readonly Judged[],
  text: (document: JudgedDocument, name: string) => string,
  layout: Omit<Column, 'title' | 'cells'>,
): Column {
  const cells = all.map(({ document, name }) => ({ text: document === null ? '' : text(document, name) }));
  return { title, cells, ...layout };
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
