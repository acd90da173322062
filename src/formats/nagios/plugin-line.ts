import { printable } from '../../text/printable.ts';

/** The output of a plugin without a document to judge. */
export function pluginLine(status: 'OK' | 'UNKNOWN', why: string): string {
  return `POSTGRES ${status} - ${printable(why).replaceAll('|', '/')}\n`;
}
