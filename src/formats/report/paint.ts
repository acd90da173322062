/**
 * Colours that can be read on a light and on a dark background alike: of the sixteen that every terminal has, none of the pale ones
 * as a foreground. Yellow is a background, under black.
 */
const CODES = {
  title: '1',
  faint: '2',
  ok: '32',
  warning: '30;43',
  unknown: '1;35',
  critical: '1;31',
  okBadge: '1;30;42',
  warningBadge: '1;30;43',
  unknownBadge: '1;37;45',
  criticalBadge: '1;37;41',
} as const;

export type Style = keyof typeof CODES;

export type Paint = (style: Style | undefined, text: string) => string;

/** Paints with colours, or leaves text as it is. */
export function painter(colour: boolean): Paint {
  return (style, text) =>
    colour && style !== undefined && text !== '' ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
}
