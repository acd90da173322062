import { expect, test } from 'vitest';
import { members } from '../../src/health/members.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import {
  cluster,
  documentWith,
  ended,
  failed,
  findingOf,
  leading,
  NOW,
  replica,
  withoutPatroni,
} from '../stand-ins/builders.ts';

const three = cluster(leading, replica('node2'), replica('node3'));
const gone = documentWith({ failovers: [ended(1, '0/5000000', 60, 'node3'), ended(2, '0/6000000', 30)] });

test.each([
  ['two', documentWith(), undefined, 'ok: 2 members listed: node1 and node2'],
  [
    'one',
    documentWith(cluster(leading)),
    undefined,
    'ok: node1 is the only member listed; treated as a single-node cluster',
  ],
  ['enough', documentWith(three), 3, 'ok: 3 members listed, at least 3 (--members-min)'],
  ['too few', documentWith(), 3, 'warning: 2 members listed, fewer than 3 (--members-min): node1 and node2'],
  [
    'a former leader is not listed',
    gone,
    undefined,
    'warning: node3, the leader until 2026-11-21 06:30:00 UTC (30 min ago), is not listed: either it is down, or only its Patroni is, and its PostgreSQL may still accept writes; if it was removed on purpose, give --members-min 2',
  ],
  [
    'the last leader of the history has been renamed',
    documentWith({ failovers: [ended(1, '0/5000000', 73 * 60, 'node9')] }),
    undefined,
    'ok: 2 members listed: node1 and node2',
  ],
  [
    'the same, an hour ago',
    documentWith({ failovers: [ended(1, '0/5000000', 60, 'node9')] }),
    undefined,
    "warning: node9, which took over at 2026-11-21 06:00:00 UTC (1 h ago) according to Patroni's history, is not listed: either it is down, or only its Patroni is, and its PostgreSQL may still accept writes; if it was removed on purpose, give --members-min 2",
  ],
  ['only the option decides', gone, 2, 'ok: 2 members listed, at least 2 (--members-min)'],
  [
    'a leader from long ago',
    documentWith({ failovers: [ended(1, '0/5000000', 9000, 'node3'), ended(2, '0/6000000', 72 * 60 + 1)] }),
    undefined,
    'ok: 2 members listed: node1 and node2',
  ],
  [
    'a time in the future is ignored',
    documentWith({ failovers: [ended(1, '0/5000000', 60, 'node3'), ended(2, '0/6000000', -60)] }),
    undefined,
    'ok: 2 members listed: node1 and node2',
  ],
  [
    "a pod with the cluster's labels is not a member",
    documentWith(cluster(leading, replica('job', { state: '', api_url: null }))),
    2,
    'warning: 1 member listed, fewer than 2 (--members-min): node1',
  ],
  ['Patroni failed', withoutPatroni(failed), undefined, 'unknown: members not known: patroni failed (see collection)'],
  ['Patroni was not asked', withoutPatroni(null), undefined, undefined],
])('%s', (_situation, document, membersMin, finding) => {
  expect(findingOf(members, document, { membersMin })).toBe(finding);
});

const DAY = 86_400;

test.each([
  [
    60,
    'warning: node2 and node3 are no longer listed (3 members were listed 1 min ago): either it is down, or only its Patroni is, and its PostgreSQL may still accept writes; if it was removed on purpose, give --members-min 1',
  ],
  [
    7 * DAY,
    'warning: node2 and node3 are no longer listed (3 members were listed 7 d ago): either it is down, or only its Patroni is, and its PostgreSQL may still accept writes; if it was removed on purpose, give --members-min 1',
  ],
  [7 * DAY + 1, 'ok: node1 is the only member listed'],
  [-60, 'ok: node1 is the only member listed'],
])('three down to one, remembered %i s ago', (ago, finding) => {
  const remembered = documentWith({ ...three, current_timestamp: NOW / 1000 - ago });
  const document = documentWith(cluster(leading));
  const found = members({
    document,
    thresholds: defaultThresholds,
    now: NOW,
    memory: { document: remembered, positions: [] },
  });
  expect(`${found?.status ?? ''}: ${found?.reasons.join('; ') ?? ''}`).toContain(finding);
});
