import { generator } from '../generator.ts';
import { definitions, groups, type OptionName, variableName } from './definitions.ts';
import { EXAMPLES, EXIT_STATUSES, PRECEDENCE, PURPOSE } from './help.ts';

/** The manual page, in the man(7) macros, from the same definitions as the help. `date` is the day of the release, YYYY-MM-DD. */
export function manualPage(date: string): string {
  const options = groups.map((group) => {
    const members = Object.entries(definitions).filter(([, definition]) => definition.group === group);
    return [`.SS ${group}`, ...members.map(([name]) => option(name as OptionName))].join('\n');
  });
  return `.TH POSTGRES-STATUS 1 ${date} "${generator.name} ${generator.version}" "User Commands"
.SH NAME
postgres-status \\- the state of a PostgreSQL cluster under Patroni and of its WAL\\-G backups
.SH SYNOPSIS
.B postgres-status
.RI [ options ]
.SH DESCRIPTION
${roff(PURPOSE)}
.SH OPTIONS
${options.join('\n')}
.SH ENVIRONMENT
${roff(PRECEDENCE)}
.SH EXIT STATUS
${EXIT_STATUSES.map(([status, meaning]) => `.TP\n.B ${roff(status)}\n${roff(meaning)}`).join('\n')}
.SH EXAMPLES
${EXAMPLES.map(([command, what]) => `.TP\n.B ${roff(command)}\n${roff(what)}`).join('\n')}
.SH FILES
.TP
.I /etc/wal-g.d/env
the WAL\\-G environment
.SH SEE ALSO
.BR patronictl (1),
.BR kubectl (1),
.BR envdir (8)
`;
}

function option(name: OptionName): string {
  const { flags, description, ...rest }: { flags: string; description: string; fallback?: string } = definitions[name];
  const byDefault = rest.fallback === undefined ? '' : ` Default: ${rest.fallback}.`;
  return `.TP\n.B ${roff(flags)}\n${roff(`${description}.${byDefault} Variable: ${variableName(name)}.`)}`;
}

/** Text that roff takes as it is: backslashes and hyphens escaped, and no line that begins with a request. */
function roff(text: string): string {
  return text
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replace(/^(?=[.'])/gm, String.raw`\&`);
}
