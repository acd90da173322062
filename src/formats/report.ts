import type { StatusDocument } from '../document/schema.ts';
import type { Rendering } from './index.ts';
import { backups } from './report/backups.ts';
import { collectors } from './report/collectors.ts';
import { failovers } from './report/failovers.ts';
import { members } from './report/members.ts';
import type { Page } from './report/page.ts';
import { painter } from './report/paint.ts';
import { verdict } from './report/verdict.ts';
import { wal } from './report/wal.ts';

const LEAST_COLUMNS = 40;

/** What a person wants to know in five seconds: the verdict and why; then the members, the backups, the WAL, and what happened. */
export function formatReport(document: StatusDocument, rendering: Rendering): string {
  const page: Page = {
    document,
    now: rendering.now / 1000,
    columns: Math.max(LEAST_COLUMNS, rendering.columns),
    paint: painter(rendering.colour),
  };
  const scope = document.node?.scope ?? document.cluster_status.scope ?? rendering.scope;
  const sections = [verdict(page, scope), members(page), backups(page), wal(page), failovers(page), collectors(page)];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => `${section.join('\n')}\n`)
    .join('\n');
}
