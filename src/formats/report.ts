import { isCalled, type Judged } from '../document/cluster.ts';
import type { CollectorName } from '../health/facts.ts';
import { list } from '../text/words.ts';
import type { Rendering } from './format.ts';
import { backups } from './report/backups.ts';
import { clusters } from './report/clusters.ts';
import { collectors } from './report/collectors.ts';
import { failovers } from './report/failovers.ts';
import { members } from './report/members.ts';
import { heading, type Page } from './report/page.ts';
import { painter } from './report/paint.ts';
import { verdict } from './report/verdict.ts';
import { wal } from './report/wal.ts';

const LEAST_COLUMNS = 40;

/** A report for people: one cluster in full, or a table of several and below it the full report of those that `details` names. */
export function formatReport(
  all: readonly Judged[],
  rendering: Pick<Rendering, 'columns' | 'colour' | 'now' | 'details'>,
): string {
  const now = rendering.now / 1000;
  const columns = Math.max(LEAST_COLUMNS, rendering.columns);
  const paint = painter(rendering.colour);
  const { details } = rendering;
  const inFull = ({ name, document }: Judged) =>
    document === null ? [] : [story({ name, document, now, columns, paint })];
  const [only, ...others] = all;
  if (others.length === 0 && only?.document) return inFull(only).join('');
  const wanted = details === undefined ? [] : all.filter((cluster) => isCalled(cluster, details));
  return [`${clusters(all, now, columns, paint).join('\n')}\n`, ...wanted.flatMap(inFull)].join('\n');
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
