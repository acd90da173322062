import type { Published } from '../deliveries/delivery.ts';
import { UsageError } from '../errors.ts';
import { visibleToKubectl } from '../kubectl/environment.ts';
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
}

export const thisMachine: Machine = { findProgram: findExecutable, readText };

const SERVICE_ACCOUNT_NAMESPACE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/** Where to publish; undefined = nowhere. @throws UsageError if the name or kubectl is missing. */
export function resolvePublishing(
  { option, variable }: LookUp,
  environment: NodeJS.ProcessEnv,
  walgIsApart: boolean,
  { findProgram, readText }: Machine,
): Published | undefined {
  const asked = option('configmap', values.parseConfigMapSwitch, values.parseConfigMap) ?? false;
  if (asked === false) return undefined;
  const name = asked === true ? variable('STATUS_NAME', values.parseStatusName) : asked;
  if (name === undefined)
    throw new UsageError(
      '--configmap needs a name: set STATUS_NAME in the WAL-G environment or in the environment, or name the ConfigMap',
    );
  const program = option('kubectl', values.parseProgram) ?? findProgram('kubectl', environment['PATH']);
  if (program === undefined)
    throw new UsageError('kubectl is neither on PATH nor in the usual places: install it or give --kubectl');
  const serviceAccount = readText(SERVICE_ACCOUNT_NAMESPACE);
  const namespace =
    option('namespace', values.parseNamespace) ??
    variable('POD_NAMESPACE', values.parseNamespace) ??
    (serviceAccount && understand(serviceAccount, values.parseNamespace, SERVICE_ACCOUNT_NAMESPACE));
  return {
    to: 'configmap',
    configMap: { name, namespace },
    kubectl: {
      program,
      environment: visibleToKubectl(environment, walgIsApart),
      context: option('context', String),
      kubeconfig: option('kubeconfig', String),
    },
  };
}

function readText(path: string): string | undefined {
  try {
    return readBounded(path, 4096).toString('utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
