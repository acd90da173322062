import { Command, CommanderError, Option } from 'commander';
import { UsageError } from '../errors.ts';
import { generator } from '../generator.ts';
import { defaultInWords, optionList, type OptionName, others, shellNames, variableName } from './definitions.ts';
import { printable } from '../text/printable.ts';
import { EXAMPLES, EXIT_STATUSES, PRECEDENCE, PURPOSE } from './help.ts';

/** The options of the command line as text, not yet parsed. */
export type Arguments = Partial<Record<OptionName, string | string[] | true>>;

/** What the command line asks for: a text (help, version, schema, completion), an examination of the set-up, or a run. */
export type CommandLine = { show: () => Promise<string> } | { doctor: ToExamine } | { arguments: Arguments };

/** The options beside --doctor, and what is wrong with those that are left out. */
export interface ToExamine {
  arguments: Arguments;
  faults: string[];
}

/** Options that are not settings of a run, and have no variables. */
interface Shown {
  schema?: true;
  completion?: string;
  doctor?: true;
}

/** commander takes `--no-labels` for the negation of an option `labels`, which is true unless that is given. */
interface Negated {
  labels: boolean;
}

/** @throws UsageError for an unknown option or a missing value; with --doctor they are faults to report. */
export function parseCommandLine(argv: readonly string[], columns = terminalColumns): CommandLine {
  return argv.includes('--doctor') ? parseForDoctor(argv, columns) : parse(argv, columns);
}

function parse(argv: readonly string[], columns: () => number): CommandLine {
  let shown = '';
  const command = buildCommand(columns, (text) => {
    shown += text;
  });
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { show: () => Promise.resolve(shown) };
    throw new UsageError(explain(error));
  }
  const [stray] = command.args;
  if (stray !== undefined) throw new UsageError(isStray(stray));
  const { schema, completion, labels, doctor: _elsewhere, ...args } = command.opts<Arguments & Shown & Negated>();
  if (schema) return { show: async () => (await import('../document/json-schema.ts')).jsonSchema() };
  if (completion !== undefined) {
    const shell = shellNames.find((name) => name === completion);
    if (shell === undefined)
      throw new UsageError(`--completion: "${completion}" is not one of: ${shellNames.join(', ')}`);
    return { show: async () => (await import('./completion.ts')).completionScript(shell) };
  }
  return { arguments: labels ? args : { ...args, noLabels: true } };
}

/** The options that can be understood, and what is wrong with the others. */
function parseForDoctor(argv: readonly string[], columns: () => number): CommandLine {
  const command = buildCommand(columns, () => undefined).allowUnknownOption();
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    // help, version
    if (!(error instanceof CommanderError) || error.exitCode === 0) return parse(argv, columns);
    // what remains is that the last option lacks its value
    const others = parseForDoctor(argv.slice(0, -1), columns);
    if (!('doctor' in others)) return others;
    return { doctor: { ...others.doctor, faults: [...others.doctor.faults, explain(error)] } };
  }
  const { doctor, schema, completion, labels, ...args } = command.opts<Arguments & Shown & Negated>();
  if (!doctor || schema || completion !== undefined) return parse(argv, columns);
  const faults = command.args.flatMap((argument, index, all) => {
    if (isUnknownOption(argument)) return `unknown option '${printable(argument)}': see --help`;
    return isUnknownOption(all[index - 1] ?? '') ? [] : isStray(argument);
  });
  return { doctor: { arguments: labels ? args : { ...args, noLabels: true }, faults } };
}

/** What follows it may be its value. */
function isUnknownOption(argument: string): boolean {
  return /^--?[^-]/.test(argument);
}

function isStray(argument: string): string {
  return `"${printable(argument)}" is neither an option nor the value of one: see --help`;
}

function explain({ message }: CommanderError): string {
  return `${printable(message.replace(/^error: /, ''))}: see --help`;
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
  const { doctor, schema, completion, version, help } = others;
  return command
    .optionsGroup('Other:')
    .option(doctor.flags, doctor.description)
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
