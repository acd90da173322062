import { asError, UsageError } from '../errors.ts';
import { readWalgEnvironment, type WalgEnvironment } from '../walg/environment.ts';
import type { Arguments } from './command.ts';
import { definitions, type OptionDefinition, type OptionName, longFlag, variableName } from './definitions.ts';
import { SecretValueError } from './values.ts';

/** Parses a value. Throws an Error with a message that follows the option and the value. */
type Parse<Value> = (text: string) => Value;

/** The options that have a default. */
type Defaulted = {
  [Name in OptionName]: (typeof definitions)[Name] extends { default: string } ? Name : never;
}[OptionName];

export interface LookUp {
  /**
   * The value of an option: from the command line, else its variable, else its default. `parseFlag` parses the command line if that differs
   * from the variable. @throws UsageError that names the option or variable.
   */
  option: {
    <Value>(name: Defaulted, parse: Parse<Value>): Value;
    <Value>(name: OptionName, parse: Parse<Value>, parseFlag?: Parse<Value>): Value | undefined;
  };
  /** The values of an option that may be given several times; its variable holds one. */
  options: <Value>(name: OptionName, parse: Parse<Value>) => Value[];
  /** The value of a variable that does not belong to an option. */
  variable: <Value>(name: string, parse: Parse<Value>) => Value | undefined;
}

/** Looks values up in order of precedence: command line, WAL-G environment, process environment. An empty variable counts as not set. */
export function lookUpIn(args: Arguments, environment: WalgEnvironment, processEnv: NodeJS.ProcessEnv): LookUp {
  const variable: LookUp['variable'] = (name, parse) => {
    const own = environment.variables.get(name);
    const text = own === undefined ? processEnv[name] : own;
    if (!text) return undefined;
    const where = own === undefined ? 'the environment' : String(environment.path);
    return understand(text, parse, `${name} in ${where}`);
  };
  const option = <Value>(name: OptionName, parse: Parse<Value>, parseFlag = parse): Value | undefined => {
    const flag = args[name];
    if (flag !== undefined) return understand(flagText(flag), flag === true ? parse : parseFlag, longFlag(name));
    const { default: byDefault }: OptionDefinition = definitions[name];
    return variable(variableName(name), parse) ?? (byDefault === undefined ? undefined : parse(byDefault));
  };
  const options: LookUp['options'] = (name, parse) => {
    const flag = args[name];
    if (flag !== undefined) return [flag].flat().map((text) => understand(String(text), parse, longFlag(name)));
    const value = variable(variableName(name), parse);
    return value === undefined ? [] : [value];
  };
  // an option that has a default always has a value
  return { variable, option, options };
}

/**
 * The WAL-G environment of --env or its variable, which counts only in the process environment. A run that reads published documents back
 * needs none: a reader on a database host may not be allowed to read that of the usual paths.
 */
export function readEnvironment(
  args: Arguments,
  processEnv: NodeJS.ProcessEnv,
  isPlugin: () => boolean,
  usual?: readonly string[],
): WalgEnvironment {
  const asked =
    args.env === undefined
      ? processEnv[variableName('env')] || undefined
      : understand(flagText(args.env), String, longFlag('env'));
  try {
    return readWalgEnvironment(asked, usual);
  } catch (error) {
    const readsBack =
      args.from !== undefined || Boolean(processEnv[variableName('from')]) || readsAsPlugin(args, isPlugin);
    if (asked === undefined && readsBack && error instanceof UsageError) return { path: null, variables: new Map() };
    throw error;
  }
}

/** As a kubectl plugin the command reads published documents back, unless it is given a document or a ConfigMap to publish to. */
export function readsAsPlugin(args: Arguments, isPlugin: () => boolean): boolean {
  return args.input === undefined && args.configmap === undefined && isPlugin();
}

/** Parses a text. @throws UsageError that names its source and the error. */
export function understand<Value>(text: string, parse: Parse<Value>, source: string): Value {
  if (text === '') throw new UsageError(`${source} is empty`);
  try {
    return parse(text);
  } catch (error) {
    const shown = error instanceof SecretValueError ? source : `${source}: "${visible(text)}"`;
    throw new UsageError(`${shown} ${asError(error).message}`);
  }
}

/** Invisible characters are escaped as in JSON, so that the carriage return in `postgres-main\r` can be seen. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) =>
    character < ' '
      ? JSON.stringify(character).slice(1, -1)
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function flagText(flag: string | string[] | true): string {
  return Array.isArray(flag) ? flag.join(' ') : String(flag);
}
