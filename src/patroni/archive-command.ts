import type { PatroniConfig } from '../document/schema.ts';

/**
 * Classifies an archive_command without its text, which may contain secrets. With an empty one nothing is archived and WAL piles up in
 * pg_wal; with one that succeeds without doing anything PostgreSQL removes the WAL. Spilo sets `/bin/true` if no bucket is configured.
 */
export function archiveCommand(text: string | undefined): NonNullable<PatroniConfig['archive_command']> {
  if (text === undefined) return 'none';
  if (text === '') return 'empty';
  return text.length <= LONGEST_NOOP && doesNothing(text) ? 'noop' : 'set';
}

/** Longer commands are not examined, because the time for that grows faster than their length; a command without effect is short. */
const LONGEST_NOOP = 500;

/** Whether each command in the line, which PostgreSQL passes to a shell, succeeds without doing anything. */
function doesNothing(line: string): boolean {
  const bare = unwrapped(line);
  return bare.split(/;|&&|\n/).every(isNoop);
}

/** `true` and `echo` ignore their arguments; a command with redirections, pipes or substitutions may do something. */
function isNoop(command: string): boolean {
  const bare = unwrapped(command.replace(/(^|\s)#.*$/, '').replace(/[12&]?>{1,2}\s*\/dev\/null\b|2>&1/g, ''));
  if (bare === '') return true;
  if (/[|&<>()`$\\]/.test(bare)) return false;
  const shell = /^(?:\/\S*\/)?(?:ba|da|z|k)?sh\s+-c\s+(\S.*)$/.exec(bare)?.[1];
  if (shell !== undefined) return /^(["']).*\1$|^\S+$/.test(shell) && isNoop(shell);
  return /^(?:(?:["']?(?:\/\S*\/)?true["']?|:|(?:\/\S*\/)?echo)(?:\s.*)?|exit(?:\s+0+)?|cd\s+\.)$/.test(bare);
}

/** Removes surrounding blanks, and quotes around the whole text. */
function unwrapped(text: string): string {
  const bare = text.trim();
  const inner = /^(["'])([^"']*)\1$/.exec(bare)?.[2];
  return inner === undefined ? bare : inner.trim();
}
