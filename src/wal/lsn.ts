/** A position in the WAL as PostgreSQL writes it, `X/Y` in hexadecimal, from its byte number. */
export function formatLsn(position: number | string): string {
  const bytes = BigInt(position);
  return `${(bytes >> 32n).toString(16)}/${(bytes & 0xffffffffn).toString(16)}`.toUpperCase();
}

/** The byte number of a position `X/Y`; undefined where it is none. */
export function parseLsn(lsn: string): bigint | undefined {
  const match = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(lsn);
  return match === null ? undefined : (BigInt(`0x${match[1] ?? ''}`) << 32n) | BigInt(`0x${match[2] ?? ''}`);
}
