/** Whether to colour what is shown, by --color, the terminal, and the variables that other programs heed too. */
export function wantsColour(
  color: 'always' | 'never' | 'auto',
  isTerminal: boolean,
  { NO_COLOR, TERM }: NodeJS.ProcessEnv,
): boolean {
  return color === 'always' || (color === 'auto' && isTerminal && !NO_COLOR && TERM !== 'dumb');
}
