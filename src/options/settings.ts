import { readFileSync } from 'node:fs';
import { collectorNames, type CollectorName } from '../collectors/index.ts';
import type { ConfigMapSettings } from '../deliveries/configmap.ts';
import { readWalgEnvironment, type WalgEnvironment } from '../environment/walg-environment.ts';
import { asError, UsageError } from '../errors.ts';
import type { PatroniSettings } from '../patroni/client.ts';
import { readTls } from '../patroni/tls.ts';
import { findExecutable, isExecutable } from '../system/executable.ts';
import type { Arguments } from './command.ts';
import { definitions, type OptionName, variableName } from './definitions.ts';
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
  quiet: boolean;
  verbose: boolean;
}

const DEFAULT_PATRONI_URL = 'http://localhost:8008';

/** Understands the options. @throws UsageError that names the option or variable, and says what is wrong with its value. */
export function resolveSettings(args: Arguments, processEnv: NodeJS.ProcessEnv, findFile = findSettingsFile): Settings {
  const environment = readWalgEnvironment(single(args.env) ?? (processEnv[variableName('env')] || undefined));
  const lookUp = lookUpIn(args, environment, processEnv);
  const { option, variable } = lookUp;
  const insecure =
    option('patroniInsecure', values.parseSwitch) ?? variable('PATRONI_CTL_INSECURE', values.parseSwitch) ?? false;
  const file = (name: OptionName, ...variables: string[]) =>
    option(name, String) ?? variables.map((other) => variable(other, String)).find((path) => path !== undefined);
  const [ca, cert, key] = [
    file('patroniCaCert', 'PATRONI_CTL_CACERT', 'PATRONI_RESTAPI_CAFILE'),
    file('patroniCert', 'PATRONI_CTL_CERTFILE'),
    file('patroniKey', 'PATRONI_CTL_KEYFILE'),
  ];
  return {
    walg: { environment, path: option('walG', String) },
    patroni: {
      urls: option('patroniUrl', values.parsePatroniUrls) ?? [new URL(DEFAULT_PATRONI_URL)],
      tls: readTls(
        { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) },
        variable('PATRONI_CTL_KEYFILE_PASSWORD', String),
        insecure,
      ),
    },
    timeout: option('timeout', values.parseTimeout) ?? 50_000,
    collectors: chooseCollectors(lookUp),
    publish: resolvePublish(lookUp, processEnv, findFile),
    publishFrom: option('publishFrom', values.parseChoice(['leader', 'any'])) ?? 'leader',
    quiet: option('quiet', values.parseSwitch) ?? false,
    verbose: option('verbose', values.parseSwitch) ?? false,
  };
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
      const text = flag === true ? 'true' : single(flag);
      return understand(text ?? '', parse, /--[a-z-]+/.exec(definitions[name].flags)?.[0] ?? name);
    },
  };
}

function understand<Value>(text: string, parse: (text: string) => Value, source: string): Value {
  if (text === '') throw new UsageError(`${source} is empty`);
  try {
    return parse(text);
  } catch (error) {
    const { message } = asError(error);
    throw new UsageError(
      message.startsWith('holds a password') ? `${source} ${message}` : `${source}: "${text}" ${message}`,
    );
  }
}

function single(flag: string | string[] | true | undefined): string | undefined {
  return Array.isArray(flag) ? flag.join(' ') : flag === true ? undefined : flag;
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
  findFile: (path: string) => string | undefined,
) {
  const asked = option('configmap', (text) => text);
  if (asked === undefined || /^(0|false|no|off)$/i.test(asked)) return undefined;
  const byDefault = /^(1|true|yes|on)$/i.test(asked);
  const name = byDefault
    ? variable('STATUS_NAME', values.parseStatusName)
    : understand(asked, values.parseConfigMapName, '--configmap');
  if (name === undefined)
    throw new UsageError(
      '--configmap needs a name: set STATUS_NAME in the WAL-G environment or in the environment, or name the ConfigMap',
    );
  const kubectl = resolveKubectl(option('kubectl', String), processEnv);
  const serviceAccount = findFile(SERVICE_ACCOUNT_NAMESPACE);
  return {
    name: byDefault ? `status-${name}` : name,
    namespace:
      option('namespace', values.parseNamespace) ??
      variable('POD_NAMESPACE', values.parseNamespace) ??
      (serviceAccount === undefined
        ? undefined
        : understand(serviceAccount, values.parseNamespace, SERVICE_ACCOUNT_NAMESPACE)),
    context: option('context', String),
    kubeconfig: option('kubeconfig', String),
    kubectl,
    environment: processEnv,
  };
}

function resolveKubectl(asked: string | undefined, processEnv: NodeJS.ProcessEnv): string {
  if (asked !== undefined) {
    if (isExecutable(asked)) return asked;
    throw new UsageError(`--kubectl ${asked} is no program that can be run`);
  }
  const found = findExecutable('kubectl', processEnv['PATH']);
  if (found === undefined)
    throw new UsageError('kubectl is neither on PATH nor in the usual places: install it or give --kubectl');
  return found;
}

function findSettingsFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
