import { Command, CommanderError, Option } from 'commander';
import { UsageError } from '../errors.ts';
import { generator } from '../generator.ts';
import { defaultInWords, optionList, type OptionName, others, shellNames, variableName } from './definitions.ts';
import { printable } from '../text/printable.ts';
import { EXAMPLES, EXIT_STATUSES, PRECEDENCE, PURPOSE } from './help.ts';

/** The options of the command line as text, not yet parsed. */
export type Arguments = Partial<Record<OptionName, string | string[] | true>>;

/** What the command line asks for: a text (help, version, schema, completion), or a run. */
export type CommandLine = { show: () => Promise<string> } | { arguments: Arguments };

/** Options that show a text: they are not settings of a run, and have no variables. */
interface Shown {
  schema?: true;
  completion?: string;
}

/** commander takes `--no-labels` for the negation of an option `labels`, which is true unless that is given. */
interface Negated {
  labels: boolean;
}

/** @throws UsageError for an unknown option or a missing value. */
export function parseCommandLine(argv: readonly string[], columns = terminalColumns): CommandLine {
  let shown = '';
  const command = buildCommand(columns, (text) => {
    shown += text;
  });
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { show: () => Promise.resolve(shown) };
    throw new UsageError(`${printable(error.message.replace(/^error: /, ''))}: see --help`);
  }
  const [stray] = command.args;
  if (stray !== undefined) throw new UsageError(`"${stray}" is neither an option nor the value of one: see --help`);
  const { schema, completion, labels, ...args } = command.opts<Arguments & Shown & Negated>();
  if (schema) return { show: async () => (await import('../document/json-schema.ts')).jsonSchema() };
  if (completion !== undefined) {
    const shell = shellNames.find((name) => name === completion);
    if (shell === undefined)
      throw new UsageError(`--completion: "${completion}" is not one of: ${shellNames.join(', ')}`);
    return { show: async () => (await import('./completion.ts')).completionScript(shell) };
  }
  return { arguments: labels ? args : { ...args, noLabels: true } };
}

function buildCommand(columns: () => number, write: (text: string) => void): Command {
  const command: Command = new Command('postgres-status')
    .usage('[options]')
    .description(PURPOSE)
    .exitOverride()
    .configureOutput({
      writeOut: write,
      writeErr: () => undefined,
      outputError: () => undefined,
      getOutHelpWidth: columns,
    })
    .allowExcessArguments()
    .addHelpText('after', () => afterOptions(command, columns()));
  for (const option of optionList)
    command.addOption(new Option(option.flags, describeOption(option)).helpGroup(`${option.group}:`));
  const { schema, completion, version, help } = others;
  return command
    .optionsGroup('Other:')
    .option(schema.flags, schema.description)
    .option(completion.flags, completion.description)
    .version(`${generator.name} ${generator.version}`, version.flags, version.description)
    .helpOption(help.flags, help.description);
}

function describeOption(option: (typeof optionList)[number]): string {
  const inWords = defaultInWords(option);
  const byDefault = inWords === undefined ? [] : [`default: ${inWords}`];
  return [option.description, ...byDefault, `variable: ${variableName(option.name)}`].join('\n');
}

function afterOptions(command: Command, helpWidth: number): string {
  const help = command.createHelp();
  help.prepareContext({ helpWidth });
  const examples = EXAMPLES.map(([example, what]) => `  ${what}:\n    ${example}`);
  const statuses = EXIT_STATUSES.map(([status, meaning]) => help.formatItem(status, 6, meaning, help));
  return [
    `\n${help.boxWrap(PRECEDENCE, helpWidth)}`,
    `\nExamples:\n${examples.join('\n')}`,
    `\nExit status:\n${statuses.join('\n')}`,
  ].join('\n');
}

/** At most 100, because longer lines are hard to read. */
function terminalColumns(): number {
  return Math.min(Number(process.env['COLUMNS']) || process.stdout.columns || 80, 100);
}
