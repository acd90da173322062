import { expect, test } from 'vitest';
import { archiving } from '../../src/health/archiving.ts';
import {
  cluster,
  documentWith,
  failed,
  findingOf,
  leading,
  olderProducer,
  withoutPatroni,
  type Case,
} from '../stand-ins/builders.ts';

const base = documentWith();
const mode = (archive_mode: string | null, enabled: boolean, command = true) =>
  documentWith({
    patroni_archive_enabled: enabled,
    patroni_archive_command_set: command,
    patroni_config: base.patroni_config ? { ...base.patroni_config, archive_mode } : null,
  });
const standbyCluster = documentWith({
  ...cluster({ ...leading, role: 'standby_leader' }),
  patroni_archive_enabled: false,
});
const ON = "in Patroni's configuration (unless a local setting overrides it)";
const NONE = "in Patroni's configuration (unless a local setting overrides it)";

test.each<Case>([
  ['on', mode('on', true), `ok: archive_mode is on ${ON}`],
  ['true', mode('true', true), `ok: archive_mode is on ${ON}`],
  ['always', mode('ALWAYS', true), `ok: archive_mode is always ${ON}`],
  [
    'on, the command is set elsewhere',
    mode('on', true, false),
    `ok: archive_mode is on ${ON}; archive_command is not set there, which is usual under Spilo`,
  ],
  ['off', mode('off', false), `warning: no WAL is archived: archive_mode is off ${NONE}`],
  [
    'a value that PostgreSQL rejects',
    mode('enable', false),
    `warning: no WAL is archived: archive_mode is enable ${NONE}`,
  ],
  ['missing', mode(null, false, false), `warning: no WAL is archived: archive_mode is missing ${NONE}`],
  ['a standby cluster', standbyCluster, 'ok: not judged: a standby cluster archives only with archive_mode = always'],
  [
    'a standby cluster of an older producer',
    olderProducer(standbyCluster),
    'ok: not judged: a standby cluster archives only with archive_mode = always',
  ],
  ['Patroni failed', withoutPatroni(failed), 'unknown: archive_mode not known: patroni failed (see collection)'],
  ['Patroni was not asked', withoutPatroni(null), undefined],
  ['an older producer, on', olderProducer(), `ok: archive_mode is on ${ON}`],
  [
    'an older producer, off or missing',
    olderProducer(mode('off', false)),
    `warning: no WAL is archived: archive_mode is off or missing ${NONE}`,
  ],
])('%s', (_situation, document, finding) => {
  expect(findingOf(archiving, document)).toBe(finding);
});
