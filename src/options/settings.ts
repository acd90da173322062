import { readFileSync } from 'node:fs';
import { collectorNames, type CollectorName } from '../collectors/index.ts';
import { readWalgEnvironment, type WalgEnvironment } from '../walg/environment.ts';
import { asError, UsageError } from '../errors.ts';
import { type FormatName, formatNames } from '../formats/index.ts';
import type { PatroniSettings } from '../patroni/client.ts';
import { readTls, type Tls } from '../patroni/tls.ts';
import { findExecutable } from '../system/executable.ts';
import type { Arguments } from './command.ts';
import { definitions, type OptionName, variableName } from './definitions.ts';
import type { ThresholdSources } from './thresholds.ts';
import * as values from './values.ts';

/** All that a run needs to know, complete and checked: nothing behind this door asks an option or a variable again. */
export interface Settings {
  walg: { environment: WalgEnvironment; path: string | undefined };
  patroni: PatroniSettings;
  /** Milliseconds. */
  timeout: number;
  collectors: readonly CollectorName[];
  /** Where to publish; undefined = nowhere. */
  publish: ConfigMapSettings | undefined;
  publishFrom: 'leader' | 'any';
  /** A saved document to be read instead of collecting, and the time (epoch milliseconds) to judge it as of. */
  input: string | undefined;
  now: number | undefined;
  /** Where the thresholds come from, the defaults aside. */
  thresholds: ThresholdSources;
  /** The exit status is that of a monitoring plugin. */
  check: boolean;
  format: FormatName;
  /** The file to write to instead of stdout. */
  output: string | undefined;
  walgCompat: boolean;
  color: 'always' | 'never' | 'auto';
  quiet: boolean;
  verbose: boolean;
}

/** Which ConfigMap, and how kubectl is to reach it; undefined = kubectl's own. */
export interface ConfigMapSettings {
  name: string;
  namespace: string | undefined;
  context: string | undefined;
  kubeconfig: string | undefined;
  kubectl: string;
}

/** What the settings look for on the machine without being told where. */
export interface Machine {
  /** The path of a program. */
  findProgram: (name: string, path: string | undefined) => string | undefined;
  /** The text of a file. */
  readText: (path: string) => string | undefined;
}

const thisMachine: Machine = { findProgram: findExecutable, readText };

const DEFAULT_PATRONI_URL = 'http://localhost:8008';

/** Understands the options. @throws UsageError that names the option or variable, and says what is wrong with its value. */
export function resolveSettings(args: Arguments, processEnv: NodeJS.ProcessEnv, machine = thisMachine): Settings {
  const environment = readEnvironment(args, processEnv);
  const lookUp = lookUpIn(args, environment, processEnv);
  const { option } = lookUp;
  const check = option('check', values.parseSwitch) ?? false;
  const publish = resolvePublish(lookUp, processEnv, machine);
  return {
    walg: { environment, path: option('walG', String) },
    patroni: {
      urls: option('patroniUrl', values.parsePatroniUrls) ?? [new URL(DEFAULT_PATRONI_URL)],
      tls: resolveTls(lookUp),
    },
    timeout: option('timeout', values.parseTimeout) ?? 50_000,
    collectors: chooseCollectors(lookUp),
    publish,
    ...resolveInput(lookUp, publish),
    thresholds: resolveThresholds(lookUp),
    check,
    format: option('format', values.parseChoice(formatNames)) ?? (check ? 'nagios' : 'json'),
    output: option('output', values.parseOutput),
    walgCompat: option('metricsCompat', values.parseChoice(['walg'])) !== undefined,
    color: option('color', values.parseChoice(['always', 'never', 'auto'])) ?? 'auto',
    publishFrom: option('publishFrom', values.parseChoice(['leader', 'any'])) ?? 'leader',
    quiet: option('quiet', values.parseSwitch) ?? false,
    verbose: option('verbose', values.parseSwitch) ?? false,
  };
}

/** Whether the run is to be a monitoring plugin, for when its settings as a whole could not be understood. */
export function asksToCheck(args: Arguments, processEnv: NodeJS.ProcessEnv): boolean {
  const within = (environment: () => WalgEnvironment) => {
    try {
      return lookUpIn(args, environment(), processEnv).option('check', values.parseSwitch);
    } catch {
      return undefined;
    }
  };
  const nothing = { path: null, variables: new Map() };
  return within(() => readEnvironment(args, processEnv)) ?? within(() => nothing) ?? false;
}

function readEnvironment(args: Arguments, processEnv: NodeJS.ProcessEnv): WalgEnvironment {
  return readWalgEnvironment(
    args.env === undefined
      ? processEnv[variableName('env')] || undefined
      : understand(flagText(args.env), String, '--env'),
  );
}

interface LookUp {
  /** An option's value, from its flag or its variable. */
  option: <Value>(name: OptionName, parse: (text: string) => Value) => Value | undefined;
  /** The value of a variable that is no option's. */
  variable: <Value>(name: string, parse: (text: string) => Value) => Value | undefined;
}

/** The precedence: flag, WAL-G environment, process environment. An empty variable counts as not set. */
function lookUpIn(args: Arguments, environment: WalgEnvironment, processEnv: NodeJS.ProcessEnv): LookUp {
  const variable: LookUp['variable'] = (name, parse) => {
    const own = environment.variables.get(name);
    const text = own === undefined ? processEnv[name] : own;
    if (!text) return undefined;
    const where = own === undefined ? 'the environment' : String(environment.path);
    return understand(text, parse, `${name} in ${where}`);
  };
  return {
    variable,
    option(name, parse) {
      const flag = args[name];
      if (flag === undefined) return variable(variableName(name), parse);
      return understand(flagText(flag), parse, /--[a-z-]+/.exec(definitions[name].flags)?.[0] ?? name);
    },
  };
}

function flagText(flag: string | string[] | true): string {
  return Array.isArray(flag) ? flag.join(' ') : String(flag);
}

function understand<Value>(text: string, parse: (text: string) => Value, source: string): Value {
  if (text === '') throw new UsageError(`${source} is empty`);
  try {
    return parse(text);
  } catch (error) {
    const shown = error instanceof values.SecretValueError ? source : `${source}: "${text}"`;
    throw new UsageError(`${shown} ${asError(error).message}`);
  }
}

/** The files that patronictl would use, where no option names others. */
function resolveTls({ option, variable }: LookUp): Tls {
  const file = (name: OptionName, ...others: string[]) =>
    others.reduce((found, other) => found ?? variable(other, String), option(name, String));
  const ca = file('patroniCaCert', 'PATRONI_CTL_CACERT', 'PATRONI_RESTAPI_CAFILE');
  const cert = file('patroniCert', 'PATRONI_CTL_CERTFILE');
  const key = file('patroniKey', 'PATRONI_CTL_KEYFILE');
  const files = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  const insecure =
    option('patroniInsecure', values.parseSwitch) ?? variable('PATRONI_CTL_INSECURE', values.parseSwitch);
  return readTls(files, variable('PATRONI_CTL_KEYFILE_PASSWORD', String), insecure ?? false);
}

function chooseCollectors({ option }: LookUp): CollectorName[] {
  const choice = (text: string) => values.parseList(text).map(values.parseCollector(collectorNames));
  const wanted = option('collect', choice) ?? collectorNames;
  const skipped = option('skip', choice) ?? [];
  const chosen = collectorNames.filter((name) => wanted.includes(name) && !skipped.includes(name));
  if (chosen.length === 0) throw new UsageError('--collect and --skip leave no collector to run');
  return chosen;
}

const SERVICE_ACCOUNT_NAMESPACE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

function resolvePublish(
  { option, variable }: LookUp,
  processEnv: NodeJS.ProcessEnv,
  { findProgram, readText }: Machine,
): ConfigMapSettings | undefined {
  const asked = option('configmap', values.parseConfigMap) ?? false;
  if (asked === false) return undefined;
  const name = asked === true ? variable('STATUS_NAME', values.parseStatusName) : asked;
  if (name === undefined)
    throw new UsageError(
      '--configmap needs a name: set STATUS_NAME in the WAL-G environment or in the environment, or name the ConfigMap',
    );
  const kubectl = option('kubectl', values.parseProgram) ?? findProgram('kubectl', processEnv['PATH']);
  if (kubectl === undefined)
    throw new UsageError('kubectl is neither on PATH nor in the usual places: install it or give --kubectl');
  const serviceAccount = readText(SERVICE_ACCOUNT_NAMESPACE);
  return {
    name,
    namespace:
      option('namespace', values.parseNamespace) ??
      variable('POD_NAMESPACE', values.parseNamespace) ??
      (serviceAccount && understand(serviceAccount, values.parseNamespace, SERVICE_ACCOUNT_NAMESPACE)),
    context: option('context', String),
    kubeconfig: option('kubeconfig', String),
    kubectl,
  };
}

function resolveInput({ option }: LookUp, publish: ConfigMapSettings | undefined): Pick<Settings, 'input' | 'now'> {
  const input = option('input', String);
  const now = option('now', values.parseTime);
  if (input === undefined && now !== undefined)
    throw new UsageError('--now goes with --input alone: what is collected is judged as of its own time');
  if (input !== undefined && publish !== undefined)
    throw new UsageError('--input and --configmap exclude each other: only what was just collected is published');
  return { input, now };
}

function resolveThresholds({ option }: LookUp): ThresholdSources {
  return {
    file: option('config', String),
    options: {
      lag_max: option('lagMax', values.parseSize),
      backup_max_age: option('backupMaxAge', values.parseLevels(values.parseDuration)),
      wal_delay_max: option('walDelayMax', values.parseLevels(values.parseCount)),
      failovers_max: option('failoversMax', values.parseCount),
    },
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
