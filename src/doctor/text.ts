import { painter, type Paint, type Style } from '../formats/report/paint.ts';
import { pad, width, wrap } from '../formats/report/text.ts';
import { formatDuration } from '../text/units.ts';
import { count, list } from '../text/words.ts';
import type { CheckStatus } from './finding.ts';
import type { Result } from './runner.ts';

const MARKS: Record<CheckStatus, string> = { failed: '✗', warning: '!', ok: '✓', skipped: '-' };
const STYLES: Record<CheckStatus, Style> = { failed: 'critical', warning: 'warning', ok: 'ok', skipped: 'faint' };
const BADGES = { failed: 'criticalBadge', warning: 'warningBadge', ok: 'okBadge' } as const;

const LEAST_COLUMNS = 40;
/** If a text would get less width beside the name of its check, it is placed below. */
const LEAST_BESIDE = 40;

export interface Shown {
  /** The title. */
  host: string;
  columns: number;
  colour: boolean;
  /** Seconds. */
  took: number;
}

/** The result as text: a summary, then each check with its reason and what to do. */
export function formatText(results: readonly Result[], shown: Shown): string {
  const paint = painter(shown.colour);
  const columns = Math.max(LEAST_COLUMNS, shown.columns);
  const names = Math.max(...results.map(({ name }) => name.length));
  return [
    ...summary(results, { ...shown, columns }, paint),
    '',
    ...results.flatMap((result) => lines(result, columns, names, paint)),
    '',
  ].join('\n');
}

/** The worst status: what was skipped was not needed, or another check failed. */
export function worstOf(results: readonly Result[]): keyof typeof BADGES {
  const statuses = new Set(results.map(({ status }) => status));
  return statuses.has('failed') ? 'failed' : statuses.has('warning') ? 'warning' : 'ok';
}

function summary(results: readonly Result[], { host, took, columns }: Shown, paint: Paint): string[] {
  const worst = worstOf(results);
  const badge = ` ${worst.toUpperCase()} `;
  const of = (status: CheckStatus) => results.filter((result) => result.status === status).length;
  const parts = [
    `${count(of('failed'), 'check')} failed`,
    count(of('warning'), 'warning'),
    `${of('ok')} ok`,
    `${of('skipped')} skipped`,
  ];
  const title = `the set-up on ${host}`;
  const text = `${list(parts)}, in ${formatDuration(took)}`;
  const left = columns - width(badge) - 1 - width(title) - width(text);
  const head = `${paint(BADGES[worst], badge)} ${paint('title', title)}`;
  return left >= 2 ? [head + ' '.repeat(left) + text] : [head, ` ${text}`];
}

function lines({ name, status, reason, remedy }: Result, columns: number, names: number, paint: Paint): string[] {
  const label = `${paint(STYLES[status], MARKS[status])} ${paint('title', pad(name, names))}`;
  const beside = columns - names - 5;
  const isBeside = beside >= LEAST_BESIDE;
  const [indent, most] = isBeside ? [names + 5, beside] : [5, columns - 5];
  const text = wrap(reason, most).map((line) => (status === 'skipped' ? paint('faint', line) : line));
  const advice =
    remedy === null ? [] : wrap(remedy, most - 2).map((line, index) => (index === 0 ? `→ ${line}` : `  ${line}`));
  const [first = '', ...others] = [...text, ...advice];
  const rest = others.map((line) => ' '.repeat(indent) + line);
  return isBeside ? [` ${label}  ${first}`, ...rest] : [` ${label.trimEnd()}`, ' '.repeat(indent) + first, ...rest];
}
