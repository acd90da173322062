import { UsageError } from '../errors.ts';
import type { FromConfigMaps } from '../sources/source.ts';
import type { Arguments } from './command.ts';
import { longFlag, type OptionName } from './definitions.ts';
import { readsAsPlugin, type LookUp } from './look-up.ts';
import { type Machine, resolveKubectl, resolveNamespace } from './publishing.ts';
import * as values from './values.ts';

/** Options that say which published documents to read. */
const OF_A_LIST = ['allNamespaces', 'selector'] as const satisfies readonly OptionName[];
const OF_READING = [...OF_A_LIST, 'allContexts', 'requestTimeout'] as const;

/** Which published documents to read back; undefined = none. @throws UsageError if the options contradict each other. */
export function resolveReading(
  lookUp: LookUp,
  args: Arguments,
  environment: NodeJS.ProcessEnv,
  walgIsApart: boolean,
  { findProgram, readText, isPlugin }: Machine,
): FromConfigMaps | undefined {
  const { option, options } = lookUp;
  const asPlugin = readsAsPlugin(args, isPlugin);
  const from = option('from', values.parseFrom) ?? (asPlugin ? { configMap: undefined } : undefined);
  if (from === undefined) {
    refuse(args, OF_READING, 'requires --from configmaps');
    return undefined;
  }
  const { configMap } = from;
  if (configMap !== undefined) refuse(args, OF_A_LIST, 'requires --from configmaps');
  const allNamespaces = option('allNamespaces', values.parseSwitch) ?? false;
  const allContexts = option('allContexts', values.parseSwitch) ?? false;
  const contexts = options('context', String);
  if (allContexts && args.context !== undefined)
    throw new UsageError('--all-contexts and --context contradict each other');
  if (allNamespaces && args.namespace !== undefined)
    throw new UsageError('--all-namespaces and --namespace contradict each other');
  const isListByLabel = configMap === undefined && !asPlugin;
  return {
    configMap,
    // a pod that reads a fleet has a namespace of its own, which says nothing of where the documents are
    namespace: allNamespaces
      ? undefined
      : isListByLabel
        ? option('namespace', values.parseNamespace)
        : resolveNamespace(lookUp, readText),
    allNamespaces,
    ownNamespaceOnly: asPlugin && !allNamespaces,
    selector: option('selector', values.parseSelector),
    contexts: allContexts ? 'all' : contexts,
    kubectl: resolveKubectl(lookUp, environment, walgIsApart, findProgram),
    requestTimeout: option('requestTimeout', values.parseRequestTimeout),
  };
}

function refuse(args: Arguments, names: readonly OptionName[], why: string): void {
  const given = names.find((name) => args[name] !== undefined);
  if (given !== undefined) throw new UsageError(`${longFlag(given)} ${why}`);
}
