import { printable } from '../../text/printable.ts';

/** All that a plugin says that has no document to judge. */
export function pluginLine(status: 'OK' | 'UNKNOWN', why: string): string {
  return `POSTGRES ${status} - ${printable(why).replaceAll('|', '/')}\n`;
}
