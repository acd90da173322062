import type { PatroniConfig } from '../document/schema.ts';
import { archiveCommand } from './archive-command.ts';
import type { ConfigReply } from './replies.ts';

/** What matters here of the dynamic configuration: it is as somebody once stored it, so what is of another type is not known. */
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

/** What PostgreSQL takes for on and always, whatever the case, and `true` and 1 as JSON has them (README.md, "archive_mode"). */
const ARCHIVING = ['on', 'true', 'yes', '1', 'always'];

export function archives(config: ConfigReply): { enabled: boolean; commandSet: boolean } {
  return {
    enabled: ARCHIVING.includes((parameter(config, 'archive_mode') ?? '').toLowerCase()),
    commandSet: parameter(config, 'archive_command') !== undefined,
  };
}

/** A PostgreSQL parameter of the dynamic configuration as text: names are of any case, and null takes a parameter away. */
function parameter(config: ConfigReply, name: string): string | undefined {
  const entries = Object.entries(config.postgresql?.parameters ?? {});
  const value = entries.find(([key, value]) => key.toLowerCase() === name && value !== null)?.[1];
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** PostgreSQL's units of time (guc.c), in seconds; a number alone is in the parameter's own unit, here seconds. */
const UNITS: Partial<Record<string, number>> = { us: 1e-6, ms: 1e-3, '': 1, s: 1, min: 60, h: 3600, d: 86_400 };

const LONGEST_DURATION = 100;

/** A duration as PostgreSQL reads it: `60`, `'60'`, `1min`, `1.5 h`; null where it is none, which PostgreSQL would not take. */
function seconds(text = ''): number | null {
  if (text.length > LONGEST_DURATION) return null;
  const [, number = '', unit = ''] = /^\+?(\d+(?:\.\d*)?|\.\d+)\s*([a-z]*)$/.exec(text.trim()) ?? [];
  const factor = UNITS[unit];
  return number === '' || factor === undefined ? null : Math.round(Number(number) * factor);
}
