/** The epoch seconds of a time printed by Patroni, PostgreSQL or WAL-G; undefined = it is not a time. */
export function epochSeconds(time: string | null | undefined): number | undefined {
  const milliseconds = time == null ? Number.NaN : Date.parse(time);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
