import type { PatroniConfig } from '../document/schema.ts';
import { archiveCommand } from './archive-command.ts';
import type { ConfigReply } from './replies.ts';

/**
 * The relevant part of the dynamic configuration. Patroni does not validate what is stored, and reads numbers and switches also from text
 * (patroni/utils.py, parse_int and parse_bool); any other value counts as not known.
 */
export function describeConfig(config: ConfigReply): PatroniConfig {
  const number = (name: string) => readNumber(config[name]);
  const boolean = (name: string) => readSwitch(config[name]);
  const { synchronous_mode: synchronous, standby_cluster: standby } = config;
  const count = number('synchronous_node_count');
  return {
    ttl: number('ttl'),
    loop_wait: number('loop_wait'),
    maximum_lag_on_failover: number('maximum_lag_on_failover'),
    synchronous_mode: typeof synchronous === 'boolean' || typeof synchronous === 'string' ? synchronous : null,
    synchronous_mode_strict: boolean('synchronous_mode_strict'),
    synchronous_node_count: Number.isSafeInteger(count) ? count : null,
    failsafe_mode: boolean('failsafe_mode'),
    standby_cluster: typeof standby === 'object' && standby !== null && Object.keys(standby).length > 0,
    retry_timeout: number('retry_timeout'),
    archive_mode: parameter(config, 'archive_mode') ?? null,
    archive_timeout: seconds(parameter(config, 'archive_timeout')),
    archive_command: archiveCommand(parameter(config, 'archive_command')),
    archive_library: (parameter(config, 'archive_library') ?? '').trim() !== '',
  };
}

const LONGEST_NUMBER = 20;

function readNumber(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.length <= LONGEST_NUMBER && /^\s*\d+\s*$/.test(value)
    ? Number(value)
    : null;
}

function readSwitch(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const word = String(value).toLowerCase();
  if (['on', 'true', 'yes', '1'].includes(word)) return true;
  return ['off', 'false', 'no', '0'].includes(word) ? false : null;
}

/** The values that PostgreSQL accepts as on or always, in any case, including `true` and 1 of JSON (README.md, "archive_mode"). */
const ARCHIVING = ['on', 'true', 'yes', '1', 'always'];

export function archives(config: ConfigReply): { enabled: boolean; commandSet: boolean } {
  return {
    enabled: ARCHIVING.includes((parameter(config, 'archive_mode') ?? '').toLowerCase()),
    commandSet: parameter(config, 'archive_command') !== undefined,
  };
}

/** A PostgreSQL parameter of the dynamic configuration as text. Its name may be in any case, and null removes a parameter. */
function parameter(config: ConfigReply, name: string): string | undefined {
  const entries = Object.entries(config.postgresql?.parameters ?? {});
  const value = entries.find(([key, value]) => key.toLowerCase() === name && value !== null)?.[1];
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** PostgreSQL's units of time (guc.c) in seconds. A number without a unit is in the parameter's own unit, here seconds. */
const UNITS: Partial<Record<string, number>> = { us: 1e-6, ms: 1e-3, '': 1, s: 1, min: 60, h: 3600, d: 86_400 };

const LONGEST_DURATION = 100;

/** A duration in PostgreSQL's notation: `60`, `'60'`, `1min`, `1.5 h`; null = PostgreSQL would reject it. */
function seconds(text = ''): number | null {
  if (text.length > LONGEST_DURATION) return null;
  const [, number = '', unit = ''] = /^\+?(\d+(?:\.\d*)?|\.\d+)\s*([a-z]*)$/.exec(text.trim()) ?? [];
  const factor = UNITS[unit];
  return number === '' || factor === undefined ? null : Math.round(Number(number) * factor);
}
