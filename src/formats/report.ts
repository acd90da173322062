import { isCalled, type WithVerdict } from '../document/cluster.ts';
import type { CollectorName } from '../health/facts.ts';
import { list } from '../text/words.ts';
import type { Format, Rendering } from './format.ts';
import { backups } from './report/backups.ts';
import { clusters, type Line, lineOf } from './report/clusters.ts';
import { collectors } from './report/collectors.ts';
import { failovers } from './report/failovers.ts';
import { members } from './report/members.ts';
import { heading, type Page } from './report/page.ts';
import { painter } from './report/paint.ts';
import { verdict } from './report/verdict.ts';
import { wal } from './report/wal.ts';

const LEAST_COLUMNS = 40;

/** A report for people: one cluster in full, or a table of several and below it the full report of those that `details` names. */
export const report: Format<Row> = {
  one: inFull,
  row(cluster, rendering) {
    const isNamed = rendering.details !== undefined && isCalled(cluster, rendering.details);
    return {
      line: lineOf(cluster, rendering.now / 1000),
      inFull: isNamed && cluster.document !== null ? inFull(cluster, rendering) : undefined,
    };
  },
  several(rows, rendering) {
    const lines = rows.map(({ line }) => line);
    const table = clusters(lines, columnsOf(rendering), painter(rendering.colour));
    return [`${table.join('\n')}\n`, ...rows.flatMap((row) => row.inFull ?? [])].join('\n');
  },
};

interface Row {
  line: Line;
  /** undefined = not wanted. */
  inFull: string | undefined;
}

function columnsOf({ columns }: Pick<Rendering, 'columns'>): number {
  return Math.max(LEAST_COLUMNS, columns);
}

function inFull({ name, document }: WithVerdict, rendering: Pick<Rendering, 'columns' | 'colour' | 'now'>): string {
  const { now, colour } = rendering;
  return story({ name, document, now: now / 1000, columns: columnsOf(rendering), paint: painter(colour) });
}

/** The verdict with its reasons; then members, backups, WAL, failovers and collectors. */
function story(page: Page): string {
  const {
    cluster_status: cluster,
    walg_last_backup: backup,
    walg_integrity: integrity,
    wal: stored,
    failovers: switches,
  } = page.document;
  const facts: Fact[] = [
    { title: 'Members', collector: 'patroni', known: cluster.members.length > 0, lines: members(page) },
    { title: 'Backups', collector: 'walg_backups', known: backup !== null, lines: backups(page) },
    { title: 'WAL', collector: 'walg_verify', known: integrity !== null || stored !== undefined, lines: wal(page) },
    { title: 'Failovers', collector: 'patroni', known: switches !== null, lines: failovers(page) },
  ];
  const unseen = facts.filter((fact) => isUnseen(page, fact));
  const seen = facts.filter((fact) => !unseen.includes(fact)).map(({ lines }) => lines);
  const notKnown = unseen.length === 0 ? [] : heading(page, 'Not known', list(unseen.map(({ title }) => title)));
  return [verdict(page), ...seen, notKnown, collectors(page)]
    .filter((section) => section.length > 0)
    .map((section) => `${section.join('\n')}\n`)
    .join('\n');
}

/** A section, and whether its facts are known. */
interface Fact {
  title: string;
  collector: CollectorName;
  known: boolean;
  lines: string[];
}

/** The section would only repeat that its collector failed, which is already in the verdict. */
function isUnseen({ document }: Page, { collector, known, lines }: Fact): boolean {
  return !known && document.collectors?.[collector]?.ok === false && lines.length <= 2;
}
