/**
 * A time, in epoch milliseconds, to the whole second, in a form that PostgreSQL takes as recovery_target_time: it refuses a `Z`
 * (measured with PostgreSQL 15).
 */
export function recoveryTarget(milliseconds: number, rounded: 'up' | 'down'): string {
  const seconds = rounded === 'up' ? Math.ceil(milliseconds / 1000) : Math.floor(milliseconds / 1000);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')}+00:00`;
}
