import { expect, test } from 'vitest';
import { maintenance } from '../../src/health/maintenance.ts';
import {
  cluster,
  documentWith,
  failed,
  findingOf,
  inPart,
  leading,
  node,
  olderProducer,
  replica,
  succeeded,
  withoutPatroni,
  type Case,
} from '../stand-ins/builders.ts';

const clusterWith = (change: object, ...members: Parameters<typeof cluster>) =>
  documentWith({ cluster_status: { members: members.length === 0 ? [leading] : members, ...change } });
/** The leader, which was asked, must be restarted. */
const waiting = (change: object, ...members: Parameters<typeof cluster>) => ({
  ...clusterWith(change, ...members),
  node: node({ pending_restart: true }),
});
const PAUSED = 'warning: Patroni is paused: no replica takes over if the leader fails';
const reason = (...settings: string[]) =>
  Object.fromEntries(settings.map((name) => [name, { old_value: '50', new_value: '60' }]));

test.each<Case>([
  ['nothing', documentWith(), 'ok: not paused'],
  ['paused', clusterWith({ pause: true }), PAUSED],
  ['paused according to its own /patroni', documentWith({ node: node({ paused: true }) }), PAUSED],
  ['pause is false, as other versions may send', clusterWith({ pause: false }), 'ok: not paused'],
  [
    'a switchover is scheduled',
    clusterWith({ scheduled_switchover: { at: '2026-11-21T02:04:54.07+00:00', from: 'node1', to: 'node2' } }),
    'ok: not paused; a switchover from node1 to node2 is scheduled for 2026-11-21 02:04:54 UTC',
  ],
  [
    'a switchover without a candidate',
    clusterWith({ scheduled_switchover: { at: '2026-11-21T02:04:54+01:00' } }),
    'ok: not paused; a switchover is scheduled for 2026-11-21 01:04:54 UTC',
  ],
  ['a switchover of another shape is ignored', clusterWith({ scheduled_switchover: 'soon' }), 'ok: not paused'],
  [
    'a restart is scheduled',
    clusterWith(
      {},
      leading,
      replica('node2', { scheduled_restart: { schedule: '2026-11-21T02:00:00Z', role: 'replica' } }),
    ),
    'ok: not paused; a restart of node2 is scheduled for 2026-11-21 02:00:00 UTC',
  ],
  [
    'a restart is pending, before 3.3',
    waiting({}, { ...leading, pending_restart: true }),
    'ok: not paused; node1 must be restarted for a setting to take effect',
  ],
  [
    'a restart is pending, from 3.3 on',
    waiting({}, { ...leading, pending_restart: true, pending_restart_reason: reason('max_connections') }),
    'ok: not paused; node1 must be restarted for max_connections (50 → 60) to take effect',
  ],
  [
    'a restart is pending for many settings',
    waiting({}, { ...leading, pending_restart: true, pending_restart_reason: reason('a', 'b', 'c', 'd', 'e') }),
    'ok: not paused; node1 must be restarted for a (50 → 60), b (50 → 60), c (50 → 60) and 2 more to take effect',
  ],
  [
    'it has been restarted, which /cluster does not know yet',
    clusterWith({}, { ...leading, pending_restart: true }),
    'ok: not paused',
  ],
  [
    'it must be restarted, which /cluster does not know yet',
    documentWith({ node: node({ pending_restart: true, pending_restart_reason: reason('max_connections') }) }),
    'ok: not paused; node1 must be restarted for max_connections (50 → 60) to take effect',
  ],
  [
    'paused, and a restart pending',
    waiting({ pause: true }, { ...leading, pending_restart: true }),
    `${PAUSED}; node1 must be restarted for a setting to take effect`,
  ],
  [
    'no member list: its own /patroni',
    documentWith({
      ...cluster(),
      node: node({ pending_restart: true }),
      collectors: { patroni: inPart, walg_backups: succeeded, walg_verify: succeeded },
    }),
    'ok: not paused; node1 must be restarted for a setting to take effect',
  ],
  ['Patroni failed', withoutPatroni(failed), 'unknown: maintenance not known: patroni failed (see collection)'],
  ['Patroni was not asked', withoutPatroni(null), undefined],
  ['an older producer', olderProducer(clusterWith({ pause: true })), PAUSED],
])('%s', (_situation, document, finding) => {
  expect(findingOf(maintenance, document)).toBe(finding);
});
