import { expect, test } from 'vitest';
import { dcs } from '../../src/health/dcs.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import {
  cluster,
  documentWith,
  failed,
  findingOf,
  inPart,
  late,
  node,
  NOW,
  olderProducer,
  succeeded,
  withoutPatroni,
  type Case,
} from '../stand-ins/builders.ts';

const seen = (seconds: number | null, change: object = {}, ttl: number | null = 30) => {
  const document = documentWith({
    node: node({ dcs_last_seen: seconds === null ? null : NOW / 1000 - seconds, ...change }),
  });
  return document.patroni_config ? { ...document, patroni_config: { ...document.patroni_config, ttl } } : document;
};
const unlisted = (change: object) =>
  documentWith({
    ...cluster(),
    node: node(change),
    patroni_config: null,
    collectors: { patroni: inPart, walg_backups: succeeded, walg_verify: succeeded },
  });
const UNANSWERED = 'critical: Patroni cannot reach its DCS';
const READS = 'it does not answer /cluster, which reads the DCS';
const WITHIN = 'within 20 s of the last contact (loop_wait + retry_timeout, by default) unless failsafe mode is on';
const DEMOTES = `${READS}; Patroni demotes the leader ${WITHIN}`;
const HANGS = "Patroni's HA loop has not reached the DCS for longer than the ttl of";
const WHY =
  'though /cluster, which reads the DCS, was answered: either the loop hangs, or the clocks of both hosts differ';
/** A replica was asked, and so was the leader. */
const seenBy = (replica: number, leader: number | null) =>
  documentWith({
    node: node({ name: 'node2', role: 'replica', dcs_last_seen: NOW / 1000 - replica }),
    leader: node({ dcs_last_seen: leader === null ? null : NOW / 1000 - leader }),
  });
const clocks = (difference: string, ago: string, ttl = 30) =>
  `warning: Patroni reaches its DCS, but the clocks of this host and of node1 differ by ${difference} or more: it holds the leader lock, for which it must reach the DCS every ${ttl} s, and says that it did so ${ago} ago; check the clocks of both hosts`;

test.each<Case>([
  ['seen', seen(3), 'ok: Patroni reaches its DCS (last contact 3 s before this document)'],
  ['seen as long ago as the ttl', seen(30), 'ok: Patroni reaches its DCS (last contact 30 s before this document)'],
  [
    'seen longer ago than the ttl',
    seenBy(31, 2),
    `critical: ${HANGS} 30 s (last contact 31 s before this document), ${WHY}`,
  ],
  [
    'the same, and the leader does not report when (before 2.1.2)',
    seenBy(31, null),
    `critical: ${HANGS} 30 s (last contact 31 s before this document), ${WHY}`,
  ],
  ['by the holder of the leader lock: the clocks differ', seen(45), clocks('15 s', '45 s')],
  ['by a replica, as long ago as by the leader', seenBy(50, 45), clocks('15 s', '45 s')],
  [
    'by a replica, much longer ago than by the leader',
    seenBy(90, 45),
    `critical: ${HANGS} 30 s (last contact 1 min 30 s before this document), ${WHY}`,
  ],
  [
    'a ttl under 20 counts as 20 from 3.2 on',
    seen(19, {}, 6),
    'ok: Patroni reaches its DCS (last contact 19 s before this document)',
  ],
  ['a ttl under 20 is what it is before', seen(19, { patroni_version: '2.1.7' }, 6), clocks('13 s', '19 s', 6)],
  ['Patroni does not report it (before 2.1.2)', seen(null), 'ok: Patroni reaches its DCS'],
  ['not seen since it started', documentWith({ node: node({ dcs_last_seen: 0 }) }), 'ok: Patroni reaches its DCS'],
  ['the clock of the host is ahead', seen(-5), 'ok: Patroni reaches its DCS (last contact 0 s before this document)'],
  [
    '/cluster goes unanswered',
    unlisted({ cluster_unanswered: true }),
    `${UNANSWERED} (last contact 3 s before this document): ${DEMOTES}`,
  ],
  [
    '/cluster goes unanswered (before 2.1.2)',
    unlisted({ cluster_unanswered: true, dcs_last_seen: null }),
    `${UNANSWERED}: ${DEMOTES}`,
  ],
  [
    '/cluster goes unanswered for longer than the ttl',
    unlisted({ cluster_unanswered: true, dcs_last_seen: NOW / 1000 - 31 }),
    `${UNANSWERED} (last contact 31 s before this document): ${READS}; Patroni has demoted the leader ${WITHIN}`,
  ],
  [
    '/cluster goes unanswered, and Patroni is paused',
    unlisted({ cluster_unanswered: true, dcs_last_seen: NOW / 1000 - 31, paused: true }),
    `${UNANSWERED} (last contact 31 s before this document): ${READS}; Patroni is paused, so the leader stays up`,
  ],
  [
    '/cluster fails otherwise, and the DCS was seen longer ago than the ttl',
    unlisted({ dcs_last_seen: NOW / 1000 - 31 }),
    'critical: Patroni has not reached its DCS for longer than the ttl of 30 s (last contact 31 s before this document)',
  ],
  [
    '/cluster fails otherwise, and the DCS was seen',
    unlisted({}),
    'ok: Patroni reaches its DCS (last contact 3 s before this document), though /cluster failed',
  ],
  [
    '/cluster fails otherwise, and there is no other evidence',
    unlisted({ dcs_last_seen: null }),
    'unknown: DCS not known: /cluster failed, and Patroni does not report when it last reached the DCS',
  ],
  [
    'failsafe mode',
    unlisted({ cluster_unanswered: true, failsafe_mode_is_active: true, dcs_last_seen: NOW / 1000 - 400 }),
    'warning: Patroni cannot reach its DCS (last contact 6 min 40 s before this document): failsafe mode keeps the leader up for as long as it reaches every member',
  ],
  [
    'PostgreSQL hangs and so does /patroni, while /cluster answers',
    documentWith({
      node: null,
      collectors: { patroni: { ...late, partial: true }, walg_backups: succeeded, walg_verify: succeeded },
    }),
    'ok: Patroni reaches its DCS: it answered /cluster, which always reads the DCS',
  ],
  ['Patroni failed', withoutPatroni(failed), 'unknown: DCS not known: patroni failed (see collection)'],
  ['Patroni was not asked', withoutPatroni(null), undefined],
  ['an older producer', olderProducer(), undefined],
])('%s', (_situation, document, finding) => {
  expect(findingOf(dcs, document)).toBe(finding);
});

test('the age of a document that is read back is not attributed to the DCS', () => {
  expect(findingOf(dcs, seen(3), {}, NOW + 240_000)).toBe(
    'ok: Patroni reaches its DCS (last contact 3 s before this document)',
  );
});

test('the remembered configuration predicts a demotion of the leader when /config is no longer answered', () => {
  const away = unlisted({ cluster_unanswered: true });
  const known = documentWith().patroni_config ?? undefined;
  const judge = (failsafe: boolean) =>
    dcs({
      document: away,
      thresholds: defaultThresholds,
      now: NOW,
      memory: {
        document: away,
        positions: [],
        ...(known && { patroni_config: { ...known, retry_timeout: 5, failsafe_mode: failsafe } }),
      },
    })?.reasons;
  expect(judge(true)).toEqual([
    `Patroni cannot reach its DCS (last contact 3 s before this document): ${READS}; failsafe mode is on, so the leader stays up for as long as it reaches every member`,
  ]);
  expect(judge(false)).toEqual([
    `Patroni cannot reach its DCS (last contact 3 s before this document): ${READS}; Patroni demotes the leader within 15 s of the last contact (loop_wait + retry_timeout)`,
  ]);
});
