import {
  countByStatus,
  describeOrigin,
  mainReason,
  statusOf,
  worstStatus,
  type Judged,
  type JudgedDocument,
} from '../../document/cluster.ts';
import { isFit } from '../../document/fitness.ts';
import { largestLag, lockHolders } from '../../document/members.ts';
import { FROM_WORST_TO_BEST, worstFirst } from '../../document/status.ts';
import { epochSeconds } from '../../text/times.ts';
import { formatBytes, formatDuration } from '../../text/units.ts';
import { count } from '../../text/words.ts';
import { newestRestorable, recoveryOf } from '../../wal/read.ts';
import { wrap } from './text.ts';
import { table, type Cell, type Column } from './table.ts';
import type { Paint } from './paint.ts';
import { BADGES, MARKS } from './verdict.ts';

/** From this width on the reasons are beside the rows: one line for each cluster. */
const WIDE = 140;

/** All clusters in one table, worst first, each with its worst reason. */
export function clusters(all: readonly Judged[], now: number, columns: number, paint: Paint): string[] {
  const sorted = worstFirst(all, statusOf);
  const verdict = worstStatus(all);
  const totals = countByStatus(all);
  const inNumbers = FROM_WORST_TO_BEST.flatMap((status) =>
    totals[status] === 0 ? [] : [`${totals[status]} ${status}`],
  );
  const badge = ` ${verdict.toUpperCase()} `;
  const [first = '', ...more] = wrap(
    all.length === 0 ? 'no cluster was found' : `${count(all.length, 'cluster')}: ${inNumbers.join(', ')}`,
    columns - badge.length - 1,
  );
  return [
    `${paint(BADGES[verdict], badge)} ${paint('title', first)}`,
    ...more.map((line) => ` ${line}`),
    ...(all.length === 0 ? [] : ['']),
    ...table(
      [
        { title: 'VERDICT', cells: sorted.map(verdictCell) },
        column('FOR', sorted, (document) => lasts(document, now), { align: 'right', dispensable: 1 }),
        { title: 'CLUSTER', cells: sorted.map(({ name }) => ({ text: name })), least: 8, keepsEnd: true },
        {
          title: 'FROM',
          cells: sorted.map(({ origin }) => ({ text: describeOrigin(origin) })),
          dispensable: 3,
          least: 8,
        },
        column('LEADER', sorted, leader, { least: 6, keepsEnd: true, dispensable: 2 }),
        column('MEMBERS', sorted, members, { align: 'right', dispensable: 5 }),
        column('LAG', sorted, lag, { align: 'right', dispensable: 4 }),
        column('BACKUP', sorted, (document) => backupAge(document, now), { align: 'right' }),
        column('SAFE', sorted, (document) => safeAge(document, now), { align: 'right', dispensable: 6 }),
        column('SEEN', sorted, (document) => age(now - document.current_timestamp), { align: 'right', dispensable: 1 }),
      ],
      sorted.map((cluster) => (statusOf(cluster) === 'ok' ? '' : mainReason(cluster))),
      columns,
      paint,
      columns < WIDE ? 'below' : 'cut',
    ),
  ];
}

function verdictCell(cluster: Judged): Cell {
  const status = statusOf(cluster);
  return { text: `${MARKS[status]} ${status}`, style: status };
}

/** How long its worst checks have had this status; empty if all checks are ok or that is not known. */
function lasts({ health: { status, checks } }: JudgedDocument, now: number): string {
  if (status === 'ok') return '';
  const times = checks.flatMap((check) => (check.status === status && check.since !== undefined ? [check.since] : []));
  return times.length === 0 ? '' : age(now - times.reduce((first, time) => Math.min(first, time)));
}

/** A column with facts from the documents; a cell is empty if there is no document. */
function column(
  title: string,
  all: readonly Judged[],
  text: (document: JudgedDocument) => string,
  layout: Omit<Column, 'title' | 'cells'>,
): Column {
  return { title, cells: all.map(({ document }) => ({ text: document === null ? '' : text(document) })), ...layout };
}

function leader(document: JudgedDocument): string {
  return lockHolders(document)
    .map(({ name }) => name)
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
  return largest === undefined ? '' : formatBytes(largest);
}

/** The age of the newest backup that can be restored. */
function backupAge(document: JudgedDocument, now: number): string {
  if (document.walg_last_backup === null) return '?';
  const newest = newestRestorable(document);
  if (newest === undefined) return 'none';
  const completed = epochSeconds(newest.finish_time ?? newest.time);
  return completed === undefined ? '?' : age(now - completed);
}

/** The age of the point in time up to which everything is in the storage; empty if that is not known. */
function safeAge(document: JudgedDocument, now: number): string {
  const safe = epochSeconds(recoveryOf(document)?.safe_up_to ?? undefined);
  return safe === undefined ? '' : age(now - safe);
}

function age(seconds: number): string {
  return formatDuration(Math.round(seconds), 1);
}
