import { basename } from 'node:path';
import type { Published } from '../deliveries/delivery.ts';
import { UsageError } from '../errors.ts';
import { visibleToKubectl } from '../kubectl/environment.ts';
import type { ConfigMap, KubectlSettings } from '../kubectl/settings.ts';
import { readBounded } from '../system/bounded-file.ts';
import { findExecutable } from '../system/executable.ts';
import { understand, type LookUp } from './look-up.ts';
import * as values from './values.ts';

/** Access to the machine, which tests replace. */
export interface Machine {
  /** The path of a program. */
  findProgram: (name: string, path: string | undefined) => string | undefined;
  /** The text of a file. */
  readText: (path: string) => string | undefined;
  /** The command was called as kubectl-postgres_status, which kubectl does for `kubectl postgres-status`. */
  isPlugin: () => boolean;
}

export const thisMachine: Machine = { findProgram: findExecutable, readText, isPlugin };

const SERVICE_ACCOUNT_NAMESPACE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/** Where to publish; undefined = nowhere. @throws UsageError if the name or kubectl is missing. */
export function resolvePublishing(
  lookUp: LookUp,
  environment: NodeJS.ProcessEnv,
  walgIsApart: boolean,
  { findProgram, readText }: Machine,
): Published | undefined {
  const asked = askedFor(lookUp);
  if (asked === false) return undefined;
  return {
    to: 'configmap',
    configMap: resolveConfigMap(lookUp, asked, readText),
    labelled: lookUp.option('noLabels', values.parseSwitch) !== true,
    kubectl: resolvePublisher(lookUp, environment, walgIsApart, findProgram),
  };
}

/** Whether to publish, or the name of the ConfigMap to publish to. @throws UsageError if that is not a name. */
export function askedFor({ option }: Pick<LookUp, 'option'>): boolean | string {
  return option('configmap', values.parseConfigMapSwitch, values.parseConfigMap) ?? false;
}

/** @throws UsageError if it has no name, or its name or namespace is not valid. */
export function resolveConfigMap(lookUp: LookUp, asked: true | string, readText: Machine['readText']): ConfigMap {
  const { variable } = lookUp;
  const name = asked === true ? variable('STATUS_NAME', values.parseStatusName) : asked;
  if (name === undefined)
    throw new UsageError(
      '--configmap needs a name: set STATUS_NAME in the WAL-G environment or in the environment, or name the ConfigMap',
    );
  return { name, namespace: resolveNamespace(lookUp, readText) };
}

/** The kubectl that publishes. @throws UsageError if there is none, or several contexts are given. */
export function resolvePublisher(
  lookUp: LookUp,
  environment: NodeJS.ProcessEnv,
  walgIsApart: boolean,
  findProgram: Machine['findProgram'],
): KubectlSettings {
  const [context, ...others] = lookUp.options('context', String);
  if (others.length > 0) throw new UsageError('--configmap allows only one --context');
  return { ...resolveKubectl(lookUp, environment, walgIsApart, findProgram), context };
}

/** undefined = that of the context. */
export function resolveNamespace(
  { option, variable }: Pick<LookUp, 'option' | 'variable'>,
  readText: Machine['readText'],
): string | undefined {
  const asked = option('namespace', values.parseNamespace) ?? variable('POD_NAMESPACE', values.parseNamespace);
  if (asked !== undefined) return asked;
  const serviceAccount = readText(SERVICE_ACCOUNT_NAMESPACE);
  return serviceAccount && understand(serviceAccount, values.parseNamespace, SERVICE_ACCOUNT_NAMESPACE);
}

/** @throws UsageError if there is no kubectl. */
export function resolveKubectl(
  { option }: Pick<LookUp, 'option'>,
  environment: NodeJS.ProcessEnv,
  walgIsApart: boolean,
  findProgram: Machine['findProgram'],
): KubectlSettings {
  const program = option('kubectl', values.parseProgram) ?? findProgram('kubectl', environment['PATH']);
  if (program === undefined)
    throw new UsageError('kubectl is neither on PATH nor in the usual places: install it or give --kubectl');
  return {
    program,
    environment: visibleToKubectl(environment, walgIsApart),
    context: undefined,
    kubeconfig: option('kubeconfig', String),
  };
}

function isPlugin(): boolean {
  return [process.argv0, process.argv[1] ?? ''].some((name) => basename(name) === 'kubectl-postgres_status');
}

function readText(path: string): string | undefined {
  try {
    return readBounded(path, 4096).toString('utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
