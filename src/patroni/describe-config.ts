import type { PatroniConfig } from '../document/schema.ts';
import { archiveCommand } from './archive-command.ts';
import type { ConfigReply } from './replies.ts';

/** The relevant part of the dynamic configuration. Patroni does not validate what is stored, so values of a wrong type count as not known. */
export function describeConfig(config: ConfigReply): PatroniConfig {
  const number = (name: string) => (typeof config[name] === 'number' ? config[name] : null);
  const boolean = (name: string) => (typeof config[name] === 'boolean' ? config[name] : null);
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
