import { expect, test } from 'vitest';
import { backupSource } from '../../src/health/backup-source.ts';
import {
  backupAt,
  backups,
  documentWith,
  failed,
  findingOf,
  inPart,
  node,
  olderProducer,
  succeeded,
  SYSTEM,
  withoutPatroni,
  withoutWalg,
  type Case,
} from '../stand-ins/builders.ts';

const newest = (change: object, ours = node()) =>
  documentWith({ ...backups(backupAt('2026-11-21T02:00:00Z', undefined, change)), node: ours });
const NAME = 'base_00000001000000000000000F';
const TO_DO =
  'either WAL-G reads the wrong bucket or prefix, or the cluster was initialised again and has no backup yet';

test.each<Case>([
  [
    'of this cluster',
    newest({}),
    `ok: ${NAME} was taken from this cluster (system identifier ${SYSTEM}, PostgreSQL 15)`,
  ],
  [
    'of another cluster',
    newest({ system_identifier: '1' }),
    `critical: ${NAME} was not taken from this cluster: its system identifier is 1, the cluster's is ${SYSTEM}: ${TO_DO}`,
  ],
  [
    'after pg_upgrade',
    newest({ system_identifier: '1' }, node({ server_version: 170002 })),
    `critical: ${NAME} was not taken from this cluster: its system identifier is 1, the cluster's is ${SYSTEM}; it was taken from PostgreSQL 15, the cluster runs 17: either the cluster was upgraded and needs a new full backup, or WAL-G reads the wrong bucket or prefix`,
  ],
  [
    'of 9.6, with a WAL-G that reports only the version',
    newest({ system_identifier: null, pg_version: 90624 }, node({ server_version: 90603 })),
    `ok: ${NAME} was taken from this cluster (PostgreSQL 9.6)`,
  ],
  [
    'PostgreSQL is down, so its version is not known',
    newest({}, node({ server_version: null })),
    `ok: ${NAME} was taken from this cluster (system identifier ${SYSTEM})`,
  ],
  [
    'the plain list lacks the facts',
    {
      ...newest({ system_identifier: null, pg_version: null }),
      collectors: { patroni: succeeded, walg_backups: inPart, walg_verify: succeeded },
    },
    `unknown: source of ${NAME} not known: WAL-G does not report which cluster it was taken from`,
  ],
  [
    'Patroni does not report the facts',
    newest({}, node({ system_identifier: null, server_version: null })),
    `unknown: source of ${NAME} not known: Patroni does not report the system identifier of this cluster`,
  ],
  ['no backup', documentWith(backups()), undefined],
  [
    'Patroni failed',
    withoutPatroni(failed),
    'unknown: system identifier of this cluster not known: patroni failed (see collection)',
  ],
  [
    'WAL-G failed',
    withoutWalg(failed),
    'unknown: source of the backups not known: walg_backups failed (see collection)',
  ],
  ['Patroni was not asked', withoutPatroni(null), undefined],
  ['WAL-G was not asked', withoutWalg(null), undefined],
  ['an older producer', olderProducer(), undefined],
])('%s', (_situation, document, finding) => {
  expect(findingOf(backupSource, document)).toBe(finding);
});
