import type { Health, HealthCheck } from '../../document/schema.ts';
import { worstFirst, type Status } from '../../document/status.ts';
import { printable } from '../../text/printable.ts';
import { formatDuration } from '../../text/units.ts';
import { ago, moment, type Page } from './page.ts';
import type { Style } from './paint.ts';
import { clip, pad, width, wrap } from './text.ts';

export const MARKS: Record<Status, string> = { critical: '✗', unknown: '?', warning: '!', ok: '✓' };
export const BADGES: Record<Status, Style> = {
  critical: 'criticalBadge',
  unknown: 'unknownBadge',
  warning: 'warningBadge',
  ok: 'okBadge',
};
/** If a message would get less width beside the name of its check, it is placed below. */
const LEAST_MESSAGE = 40;

/** The verdict, the cluster and the time; then each reason, worst first; then the checks that are ok in one line. */
export function verdict(page: Page): string[] {
  const { document, paint, columns } = page;
  const { health } = document;
  const { status } = health;
  const badge = ` ${status.toUpperCase()} `;
  const name = clip(printable(page.name), columns - width(badge) - 1);
  const when = `${moment(document.current_timestamp)}, ${ago(page, document.current_timestamp)}`;
  const left = columns - width(badge) - 1 - width(name) - width(when);
  return [
    `${paint(BADGES[status], badge)} ${paint('title', name)}${left >= 2 ? ' '.repeat(left) + when : ''}`,
    ...(left >= 2 ? [] : [` ${when}`]),
    ...about(page),
    ...(health.checks.length === 0 ? [] : ['', ...reasons(page, health)]),
  ];
}

const SEPARATOR = ' · ';

/** The member that was asked and its versions, as far as they fit in one line. */
function about({ document: { node }, columns, paint }: Page): string[] {
  if (!node) return [];
  const parts = [
    `asked ${node.name ?? 'a member'} (${node.role})`,
    ...(node.server_version === null ? [] : [`PostgreSQL ${versionName(node.server_version)}`]),
    ...(node.patroni_version === null ? [] : [`Patroni ${node.patroni_version}`]),
    ...(node.system_identifier === null ? [] : [`system ${node.system_identifier}`]),
  ];
  while (parts.length > 1 && width(printable(parts.join(SEPARATOR))) > columns - 1) parts.pop();
  return [` ${paint('faint', clip(printable(parts.join(SEPARATOR)), columns - 1))}`];
}

/** 150018 is `15.18`, and 90624 is `9.6.24`: the scheme changed with PostgreSQL 10. */
export function versionName(number: number): string {
  const [major, minor, patch] = [Math.floor(number / 10_000), Math.floor(number / 100) % 100, number % 100];
  return major >= 10 ? `${major}.${number % 10_000}` : `${major}.${minor}.${patch}`;
}

function reasons({ columns, paint, now }: Page, { checks, left_out: leftOut = [] }: Health): string[] {
  const bad = worstFirst(
    checks.filter((check) => check.status !== 'ok'),
    (check) => check.status,
  );
  const causes = bad.filter(({ collector }) => collector === undefined);
  const well = checks.filter((check) => check.status === 'ok').map((check) => check.name);
  const labelWidth = Math.max(0, ...causes.map((check) => width(printable(check.name))));
  const beside = columns - labelWidth - 5 >= LEAST_MESSAGE ? columns - labelWidth - 5 : undefined;
  return [
    ...causes.flatMap(({ name, status, message, since }) => {
      const label = `${paint(status, MARKS[status])} ${paint('title', pad(printable(name), labelWidth))}`;
      const lines = wrap(printable(message) + lasting(now, since), beside ?? columns - 3);
      if (beside === undefined) return [` ${label}`.trimEnd(), ...lines.map((line) => `   ${line}`)];
      return lines.map((line, index) => ` ${index === 0 ? label : ' '.repeat(labelWidth + 2)}  ${line}`);
    }),
    ...marked(columns, paint('unknown', MARKS.unknown), blinded(bad)),
    ...marked(columns, paint('ok', MARKS.ok), well.length === 0 ? '' : `ok: ${well.join(', ')}`),
    ...marked(columns, ' ', incomplete(checks.length, leftOut)),
  ];
}

/** The checks that cannot be judged without a failed collector, in one line. */
function blinded(checks: readonly HealthCheck[]): string {
  const names = new Map<string, string[]>();
  for (const { name, collector } of checks)
    if (collector !== undefined) names.set(collector, [...(names.get(collector) ?? []), name]);
  if (names.size === 0) return '';
  const each = [...names].map(([collector, blind]) => `without ${collector}: ${blind.join(', ')}`);
  return `not judged ${each.join('; ')}`;
}

/** How many checks could be judged, if an older document lacks facts. */
function incomplete(judged: number, leftOut: readonly string[]): string {
  if (leftOut.length === 0) return '';
  const all = judged + leftOut.length;
  return `${judged} of ${all} checks could be judged; this older document lacks the facts for ${leftOut.join(', ')}`;
}

/** A text after a mark; no line if the text is empty. */
function marked(columns: number, mark: string, text: string): string[] {
  if (text === '') return [];
  return wrap(printable(text), columns - 3).map((line, index) => ` ${index === 0 ? mark : ' '} ${line}`);
}

/** How long a check has had its status; empty if that is not known, or it has just changed. */
export function lasting(now: number, since: number | undefined): string {
  const seconds = since === undefined ? 0 : Math.round(now - since);
  return seconds < 1 ? '' : ` (for ${formatDuration(seconds, 1)})`;
}
