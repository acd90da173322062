/** Whether to use colours: by --color, the terminal, and the variables NO_COLOR and TERM. */
export function wantsColour(
  color: 'always' | 'never' | 'auto',
  isTerminal: boolean,
  { NO_COLOR, TERM }: NodeJS.ProcessEnv,
): boolean {
  return color === 'always' || (color === 'auto' && isTerminal && !NO_COLOR && TERM !== 'dumb');
}
