import type { Judged } from '../document/cluster.ts';
import type { Rendering } from './index.ts';
import { backups } from './report/backups.ts';
import { clusters } from './report/clusters.ts';
import { collectors } from './report/collectors.ts';
import { failovers } from './report/failovers.ts';
import { members } from './report/members.ts';
import type { Page } from './report/page.ts';
import { painter } from './report/paint.ts';
import { verdict } from './report/verdict.ts';
import { wal } from './report/wal.ts';

const LEAST_COLUMNS = 40;

/** What a person wants to know in five seconds: of one cluster the whole story, of several one line each. */
export function formatReport(all: readonly Judged[], rendering: Pick<Rendering, 'columns' | 'colour' | 'now'>): string {
  const now = rendering.now / 1000;
  const columns = Math.max(LEAST_COLUMNS, rendering.columns);
  const paint = painter(rendering.colour);
  const [only, ...others] = all;
  if (others.length === 0 && only?.document)
    return story({ name: only.name, document: only.document, now, columns, paint });
  return `${clusters(all, now, columns, paint).join('\n')}\n`;
}

/** The verdict and why; then the members, the backups, the WAL, and what happened. */
function story(page: Page): string {
  const sections = [verdict(page), members(page), backups(page), wal(page), failovers(page), collectors(page)];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => `${section.join('\n')}\n`)
    .join('\n');
}
