/** Formats an LSN as PostgreSQL does, `X/Y` in hexadecimal. */
export function formatLsn(position: number | string): string {
  const bytes = BigInt(position);
  return `${(bytes >> 32n).toString(16)}/${(bytes & 0xffffffffn).toString(16)}`.toUpperCase();
}

/** Parses an LSN in the form `X/Y`; undefined if it is not one. */
export function parseLsn(lsn: string): bigint | undefined {
  const match = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(lsn);
  return match === null ? undefined : (BigInt(`0x${match[1] ?? ''}`) << 32n) | BigInt(`0x${match[2] ?? ''}`);
}
