/** The epoch seconds of a time as Patroni, PostgreSQL or WAL-G print it; undefined where it is none. */
export function epochSeconds(time: string | null | undefined): number | undefined {
  const milliseconds = time == null ? Number.NaN : Date.parse(time);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
