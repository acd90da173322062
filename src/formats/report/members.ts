import { isFit } from '../../document/fitness.ts';
import { isLeader } from '../../document/members.ts';
import type { Member } from '../../document/schema.ts';
import { formatBytes } from '../../text/units.ts';
import { ago, entry, heading, moment, plural, unknown, type Page } from './page.ts';
import type { Style } from './paint.ts';
import { table } from './table.ts';

/** More do not fit a screen; patronictl lists all of them. */
const MOST_MEMBERS = 40;

export function members(page: Page): string[] {
  const { document, columns, paint } = page;
  const { members: listed } = document.cluster_status;
  if (listed.length === 0) return heading(page, 'Members', unknown(page, 'patroni', 'Patroni did not list them'));
  const shown = listed.slice(0, MOST_MEMBERS);
  const fit = listed.filter((member) => isFit(member, document)).length;
  const paused = document.cluster_status['pause'] === true || document.node?.paused === true;
  const more = listed.length - shown.length;
  return [
    ...heading(
      page,
      'Members',
      `${listed.length}, ${fit === listed.length ? 'all' : fit} healthy${paused ? ' · maintenance mode: Patroni is paused' : ''}`,
    ),
    ...table(
      [
        {
          title: 'MEMBER',
          cells: shown.map(({ name }) => ({ text: name, style: 'title' })),
          least: 8,
          keepsEnd: true,
        },
        { title: 'HOST', cells: shown.map((member) => ({ text: address(member) })), dispensable: 1 },
        { title: 'ROLE', cells: shown.map(({ role }) => ({ text: role.replaceAll('_', ' ') })), least: 6 },
        { title: 'STATE', cells: shown.map((member) => state(page, member)), least: 6 },
        { title: 'TL', align: 'right', cells: shown.map(({ timeline }) => ({ text: String(timeline ?? '?') })) },
        { title: 'LAG', align: 'right', cells: shown.map(lag) },
      ],
      shown.map((member) => notes(page, member).join(', ')),
      columns,
      paint,
    ),
    ...(more > 0 ? [`  … and ${plural(more, 'more member')}`] : []),
    ...switchover(page),
  ];
}

function address({ host, port }: Member): string {
  return host === undefined ? '' : `${host.includes(':') ? `[${host}]` : host}${port === undefined ? '' : `:${port}`}`;
}

function state({ document }: Page, member: Member) {
  return {
    text: member.state === '' ? '?' : member.state,
    style: isFit(member, document) ? undefined : ('critical' as Style),
  };
}

function lag(member: Member) {
  if (isLeader(member)) return { text: '' };
  return typeof member.lag === 'number'
    ? { text: member.lag === 0 ? '0' : formatBytes(member.lag) }
    : { text: 'unknown', style: 'unknown' as Style };
}

/** What is special about this member, and what is scheduled for it. */
function notes(page: Page, member: Member): string[] {
  const { node } = page.document;
  const {
    pending_restart: pending,
    pending_restart_reason: reason,
    scheduled_restart: restart,
    replay_lag: replay,
  } = member;
  return [
    ...(node?.name === member.name && node.state !== 'running' ? [`own state: ${node.state}`] : []),
    ...(typeof replay === 'number' && typeof member.lag === 'number' && replay > member.lag
      ? [`replays ${formatBytes(replay)} behind`]
      : []),
    ...(pending === true ? [`restart pending${changes(reason)}`] : []),
    ...(isObject(restart) && typeof restart['schedule'] === 'string'
      ? [`restart scheduled ${ago(page, restart['schedule'])}`]
      : []),
    ...tags(member['tags']),
  ];
}

/** A tag that is false has no effect, so it is not shown. */
function tags(value: unknown): string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, tag]) => {
    if (tag === false || tag === null) return [];
    return tag === true ? [name] : [`${name}=${typeof tag === 'string' ? tag : JSON.stringify(tag)}`];
  });
}

function changes(reason: unknown): string {
  if (!isObject(reason)) return '';
  const parts = Object.entries(reason).map(([name, change]) =>
    isObject(change) && 'old_value' in change && 'new_value' in change
      ? `${name} ${String(change['old_value'])} → ${String(change['new_value'])}`
      : name,
  );
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function switchover(page: Page): string[] {
  const planned = page.document.cluster_status['scheduled_switchover'];
  if (!isObject(planned)) return [];
  const { at, from, to } = planned;
  const time = typeof at === 'string' ? at : null;
  const way = [typeof from === 'string' ? `from ${from}` : '', typeof to === 'string' ? `to ${to}` : ''].filter(
    Boolean,
  );
  return entry(
    page,
    'switchover',
    `scheduled ${ago(page, time)}, ${moment(time)}${way.length === 0 ? '' : `, ${way.join(' ')}`}`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
