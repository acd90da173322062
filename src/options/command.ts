import { Command, CommanderError, Option } from 'commander';
import { UsageError } from '../errors.ts';
import { generator } from '../generator.ts';
import { definitions, type OptionDefinition, type OptionName, variableName } from './definitions.ts';

/** The options as they stand on the command line, not yet understood. */
export type Arguments = Partial<Record<OptionName, string | string[] | true>>;

/** What the command line asks for: text to be shown, or a run. */
export type CommandLine = { show: string } | { arguments: Arguments };

/** @throws UsageError for an option that is not known, or lacks its value. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  let shown = '';
  const command = buildCommand((text) => {
    shown += text;
  });
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { show: shown };
    throw new UsageError(`${error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')}: see --help`);
  }
  return { arguments: command.opts<Arguments>() };
}

function buildCommand(write: (text: string) => void): Command {
  const command = new Command('postgres-status')
    .usage('[options]')
    .description(
      'Asks Patroni and WAL-G, once and within a fixed time, what state a PostgreSQL cluster and its backups are in, and prints one JSON document.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: write,
      writeErr: () => undefined,
      outputError: () => undefined,
      getOutHelpWidth: helpWidth,
    })
    .allowExcessArguments(false)
    .helpOption('-h, --help', 'show this')
    .version(`${generator.name} ${generator.version}`, '-V, --version', 'show the version')
    .addHelpText('after', AFTER_OPTIONS);
  for (const [name, definition] of Object.entries(definitions))
    command.addOption(
      new Option(definition.flags, describeOption(name as OptionName, definition)).helpGroup(`${definition.group}:`),
    );
  return command;
}

function describeOption(name: OptionName, { description, fallback }: OptionDefinition): string {
  const byDefault = fallback === undefined ? '' : `default: ${fallback}; `;
  return `${description} (${byDefault}variable: ${variableName(name)})`;
}

function helpWidth(): number {
  return Math.min(Number(process.env['COLUMNS']) || 100, 120);
}

const AFTER_OPTIONS = `
A variable may stand in the WAL-G environment or in the process environment. A flag counts first, then the
WAL-G environment, then the process environment, then the default. STATUS_NAME and POD_NAMESPACE are looked
up in the same way.

Examples:
  postgres-status                                    look at the cluster of this host
  postgres-status --skip walg_verify --timeout 10s   the same, in a hurry
  postgres-status --configmap                        publish, if this is the leader
  * * * * * postgres run-one timeout 1m postgres-status --configmap --quiet

Exit status:
  0  everything was collected and delivered, or this is a replica that leaves publishing to its leader
  1  the document was delivered, but a collector failed or ran out of time
  2  usage or configuration error: nothing ran
  3  the document could not be delivered everywhere it was asked to go
  128+n  ended by signal n
`;
