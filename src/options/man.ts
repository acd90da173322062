import { checks } from '../doctor/index.ts';
import { generator } from '../generator.ts';
import { defaultInWords, groups, optionList, others, variableName } from './definitions.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import { EXAMPLES, EXIT_STATUSES, LABELS, PRECEDENCE, PURPOSE, PUSHING, RECOVERY } from './help.ts';

/** The manual page, in the man(7) macros, from the same definitions as the help. `date` is the day of the release, YYYY-MM-DD. */
export function manualPage(date: string): string {
  const options = groups.map((group) => {
    const members = optionList.filter((option) => option.group === group);
    return [`.SS ${group}`, ...members.map(describeOption)].join('\n');
  });
  return `.TH POSTGRES-STATUS 1 ${date} "${generator.name} ${generator.version}" "User Commands"
.\\" no hyphenation, no justification
.nh
.ad l
.SH NAME
postgres-status \\- the state of a PostgreSQL cluster under Patroni and of its WAL\\-G backups
.SH SYNOPSIS
.B postgres-status
.RI [ options ]
.SH DESCRIPTION
${roff(PURPOSE)}
.SH OPTIONS
${options.join('\n')}
.SS Other
${Object.values(others)
  .map(({ flags, description }) => entry(flags, `${description}.`))
  .join('\n')}
.SH ENVIRONMENT
${roff(PRECEDENCE)}
.SH EXIT STATUS
${EXIT_STATUSES.map(([status, meaning]) => entry(status, meaning)).join('\n')}
.SH RECOVERY
What can be restored, in the report and in the document under
.BR recovery :
${RECOVERY.map(([term, meaning]) => entry(term, `${meaning}.`)).join('\n')}
.SH PUSHING
.BR \\-\\-pushgateway " and " \\-\\-ping :
${PUSHING.map(([term, meaning]) => entry(term, `${meaning}.`)).join('\n')}
.SH LABELS
A published ConfigMap carries its document under data.status, and unless
.B \\-\\-no\\-labels
is given, labels, so that kubectl shows a table of clusters without fetching documents:
.PP
.EX
kubectl get cm \\-A \\-l app.kubernetes.io/name=postgres\\-status \\e
  \\-L postgres\\-status/health,postgres\\-status/leader,postgres\\-status/updated
.EE
.PP
Patroni does not select by any of them. If the API server or an admission webhook refuses them, the document is written without labels.
${LABELS.map(([label, meaning]) => entry(label, `${meaning}.`)).join('\n')}
.SH DOCTOR
.B \\-\\-doctor
runs no usual run, and delivers nothing. Each check ends as ok, warning, failed or skipped, with its reason and what to do. The options of the run, from
the crontab for instance, are checked with it. Publishing is tried with a patch that changes nothing. With
.B \\-\\-format json
it prints the same as JSON:
.BR status ,
and
.B checks
with
.BR name ,
.BR status ,
.BR reason ,
.B remedy
and
.BR duration_ms .
Run it as the user whom cron uses. The checks are:
${checks.map(({ name, what }) => entry(name, `${what}.`)).join('\n')}
.SH DIAGNOSTICS
Each failure is one line on standard error, and in the document under
.BR collectors .
${DIAGNOSTICS.map(([message, remedy]) => entry(message, remedy)).join('\n')}
.SH EXAMPLES
${EXAMPLES.map(([command, what]) => entry(command, what)).join('\n')}
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

function describeOption(option: (typeof optionList)[number]): string {
  const inWords = defaultInWords(option);
  const byDefault = inWords === undefined ? '' : ` Default: ${inWords}.`;
  return entry(option.flags, `${option.description}.${byDefault} Variable: ${variableName(option.name)}.`);
}

function entry(name: string, meaning: string): string {
  return `.TP\n.B ${roff(name)}\n${roff(meaning)}`;
}

/** Characters that roff would change (quotes, hyphens) or that its ASCII device lacks. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': String.raw`\e`,
  '-': String.raw`\-`,
  "'": String.raw`\(aq`,
  '"': String.raw`\(dq`,
  '…': '...',
};

/** Escapes a text for roff, and a dot at the beginning of a line, which would be a request. */
function roff(text: string): string {
  return text
    .replaceAll(/[\\\-'"…]/g, (character) => ESCAPES[character] ?? character)
    .replace(/^\./gm, String.raw`\&.`);
}
