/**
 * Colours that are readable on light and dark backgrounds: of the sixteen colours of every terminal, none of the pale ones as a
 * foreground. Yellow is only used as a background for black text.
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

/** Returns a function that colours text, or one that returns it unchanged. */
export function painter(colour: boolean): Paint {
  return (style, text) =>
    colour && style !== undefined && text !== '' ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
}
