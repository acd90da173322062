import type { PatroniConfig } from '../document/schema.ts';

/**
 * What kind of archive_command it is, never its text, which may hold secrets. An empty one archives nothing, and the WAL piles up in
 * pg_wal; one that ends well and does nothing makes PostgreSQL throw the WAL away. Spilo writes `/bin/true` where no bucket is set.
 */
export function archiveCommand(text: string | undefined): NonNullable<PatroniConfig['archive_command']> {
  if (text === undefined) return 'none';
  if (text === '') return 'empty';
  return text.length <= LONGEST_NOOP && doesNothing(text) ? 'noop' : 'set';
}

/** A line that does nothing is short; a long one is not looked at, for looking takes time that grows faster than it. */
const LONGEST_NOOP = 500;

/** Each command of the line ends with 0 and does nothing. PostgreSQL hands the line to a shell. */
function doesNothing(line: string): boolean {
  const bare = unwrapped(line);
  return bare.split(/;|&&|\n/).every(isNoop);
}

/** `true` and `echo` ignore what follows them, and so does a comment; what redirects, pipes or substitutes may do something. */
function isNoop(command: string): boolean {
  const bare = unwrapped(command.replace(/(^|\s)#.*$/, '').replace(/[12&]?>{1,2}\s*\/dev\/null\b|2>&1/g, ''));
  if (bare === '') return true;
  if (/[|&<>()`$\\]/.test(bare)) return false;
  const shell = /^(?:\/\S*\/)?(?:ba|da|z|k)?sh\s+-c\s+(\S.*)$/.exec(bare)?.[1];
  if (shell !== undefined) return /^(["']).*\1$|^\S+$/.test(shell) && isNoop(shell);
  return /^(?:(?:["']?(?:\/\S*\/)?true["']?|:|(?:\/\S*\/)?echo)(?:\s.*)?|exit(?:\s+0+)?|cd\s+\.)$/.test(bare);
}

/** Without blanks around it, and without the quotes that stand around the whole of it. */
function unwrapped(text: string): string {
  const bare = text.trim();
  const inner = /^(["'])([^"']*)\1$/.exec(bare)?.[2];
  return inner === undefined ? bare : inner.trim();
}
