import { describe, expect, test } from 'vitest';
import { documentOf } from './collect-patroni.ts';

describe('patroni_archive_enabled: archive_mode as PostgreSQL understands it (measured with PostgreSQL 15)', () => {
  test.for<[archiveMode: unknown, enabled: boolean, text: string | null]>([
    ['on', true, 'on'],
    ['ON', true, 'ON'],
    ['always', true, 'always'],
    ['Always', true, 'Always'],
    ['true', true, 'true'],
    ['yes', true, 'yes'],
    ['1', true, '1'],
    [true, true, 'true'], // archive_mode: on, in YAML
    [1, true, '1'],
    ['off', false, 'off'],
    ['false', false, 'false'],
    ['no', false, 'no'],
    ['0', false, '0'],
    [false, false, 'false'],
    [0, false, '0'],
    // invalid values are dropped with a warning: off, its default
    ['', false, ''],
    [' on ', false, ' on '],
    ['t', false, 't'],
    ['y', false, 'y'],
    ['enable', false, 'enable'],
    [2, false, '2'],
    [['on'], false, '["on"]'],
    [null, false, null],
    [undefined, false, null],
  ])('%j: %s', async ([archiveMode, enabled, text]) => {
    const parameters = { archive_mode: archiveMode };
    const { patroni_archive_enabled, patroni_config } = await documentOf({
      config: JSON.stringify({ postgresql: { parameters } }),
    });
    expect(patroni_archive_enabled).toBe(enabled);
    expect(patroni_config?.archive_mode).toBe(text);
  });

  test.for<[situation: string, config: string, flags: [enabled: boolean, commandSet: boolean]]>([
    [
      'both are set',
      '{"postgresql": {"parameters": {"archive_mode": "on", "archive_command": "/bin/true"}}}',
      [true, true],
    ],
    ['Spilo sets the command elsewhere', '{"postgresql": {"parameters": {"archive_mode": "on"}}}', [true, false]],
    ['only a command', '{"postgresql": {"parameters": {"archive_command": "/bin/true"}}}', [false, true]],
    [
      'an empty command is set',
      '{"postgresql": {"parameters": {"archive_mode": "on", "archive_command": ""}}}',
      [true, true],
    ],
    [
      'a command of null is not set',
      '{"postgresql": {"parameters": {"archive_mode": "on", "archive_command": null}}}',
      [true, false],
    ],
    [
      'names of any case',
      '{"postgresql": {"parameters": {"Archive_Mode": "on", "ARCHIVE_COMMAND": "x"}}}',
      [true, true],
    ],
    ['no parameters', '{"postgresql": {"use_slots": true}}', [false, false]],
    ['parameters of null', '{"postgresql": {"parameters": null}}', [false, false]],
    ['postgresql of null', '{"postgresql": null}', [false, false]],
    ['an empty configuration', '{}', [false, false]],
  ])('%s', async ([, config, flags]) => {
    const document = await documentOf({ config });
    expect([document.patroni_archive_enabled, document.patroni_archive_command_set]).toEqual(flags);
  });
});
