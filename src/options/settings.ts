import { collectorNames, type CollectorName } from '../collectors/index.ts';
import type { Destination, Published } from '../deliveries/delivery.ts';
import type { Ping } from '../deliveries/ping.ts';
import { UsageError } from '../errors.ts';
import type { FormatName } from '../formats/index.ts';
import type { Thresholds } from '../health/thresholds.ts';
import { clusterNamedBy } from '../kubectl/published.ts';
import type { FromConfigMaps, SourceSettings } from '../sources/source.ts';
import { parseDuration, parseSize } from '../text/parse-units.ts';
import { overlay } from '../walg/variables.ts';
import type { Arguments } from './command.ts';
import { definitions } from './definitions.ts';
import { lookUpIn, readEnvironment, type LookUp } from './look-up.ts';
import { type Machine, resolvePublishing, thisMachine } from './publishing.ts';
import { type Pushing, resolvePushing } from './pushing.ts';
import { resolveReading } from './reading.ts';
import { loadThresholds } from './thresholds.ts';
import { resolveTls } from './tls.ts';
import * as values from './values.ts';

/** All settings of a run, complete and validated: nothing else reads an option or a variable. */
export interface Settings extends SourceSettings {
  /** Milliseconds. */
  timeout: number;
  /** The time (epoch milliseconds) as of which a saved document is judged; undefined = now. */
  now: number | undefined;
  thresholds: Thresholds;
  format: FormatName;
  walgCompat: boolean;
  /** The name or origin of a cluster of which the report of several shows everything. */
  details: string | undefined;
  color: 'always' | 'never' | 'auto';
  /** Where the document is delivered. */
  destinations: readonly Destination[];
  /** The dead-man service that is called in the end. */
  ping: Ping | undefined;
  /** Secrets that came neither from the WAL-G environment nor from that of the process. */
  secrets: readonly string[];
}

/**
 * Makes settings from options and variables, and reads the files that they name.
 * @throws UsageError that names the option, variable or file and the error.
 */
export async function resolveSettings(
  args: Arguments,
  processEnv: NodeJS.ProcessEnv,
  machine: Machine = thisMachine,
): Promise<Settings> {
  const environment = readEnvironment(args, processEnv, machine.isPlugin);
  const lookUp = lookUpIn(args, environment, processEnv);
  const { option, variable } = lookUp;
  const check = option('check', values.parseSwitch) ?? false;
  const urls = option('patroniUrl', values.parsePatroniUrls);
  const quiet = option('quiet', values.parseSwitch) ?? false;
  const from = resolveReading(lookUp, args, processEnv, environment.path !== null, machine);
  const format =
    option('format', values.parseChoice(definitions.format.choices)) ?? defaultFormat(check, machine.isPlugin());
  if (args.details !== undefined && format !== 'report') throw new UsageError('--details requires --format report');
  // the variable of --configmap may be set for the runs that collect on this host
  const publishes = from === undefined || args.configmap !== undefined;
  const published = publishes ? resolvePublishing(lookUp, processEnv, environment.path !== null, machine) : undefined;
  const input = resolveInput(lookUp, args, published, from);
  const pushing = resolvePushing(lookUp, args, processEnv, from === undefined && input.inputs.length === 0);
  return {
    walg: { path: option('walG', String), environment: overlay(processEnv, environment.variables) },
    patroni: {
      urls,
      tls: resolveTls(lookUp, urls),
      leaderApi: option('leaderApi', values.parseChoice(definitions.leaderApi.choices)),
    },
    timeout: option('timeout', values.parseTimeout),
    collectors: chooseCollectors(lookUp),
    publishes: published !== undefined || pushing.pushgateway !== undefined || pushing.ping !== undefined,
    publishFrom: option('publishFrom', values.parseChoice(definitions.publishFrom.choices)),
    from,
    ...input,
    statusName: variable('STATUS_NAME', String) ?? (published && clusterNamedBy(published.configMap.name)),
    check,
    format,
    details: option('details', String),
    walgCompat: option('metricsCompat', values.parseChoice(definitions.metricsCompat.choices)) !== undefined,
    color: option('color', values.parseChoice(definitions.color.choices)),
    destinations: chooseDestinations(lookUp, published, pushing, quiet),
    ping: pushing.ping,
    secrets: pushing.secrets,
    ...resolveState(lookUp),
    quiet,
    verbose: option('verbose', values.parseSwitch) ?? false,
    thresholds: await resolveThresholds(lookUp),
  };
}

/** Whether --check is set, even if other settings are invalid. */
export function asksToCheck(args: Arguments, processEnv: NodeJS.ProcessEnv): boolean {
  const within = (environment: () => ReturnType<typeof readEnvironment>) => {
    try {
      return lookUpIn(args, environment(), processEnv).option('check', values.parseSwitch);
    } catch {
      return undefined;
    }
  };
  const nothing = { path: null, variables: new Map() };
  return within(() => readEnvironment(args, processEnv, thisMachine.isPlugin)) ?? within(() => nothing) ?? false;
}

export function chooseCollectors({ option }: LookUp): CollectorName[] {
  const choice = (text: string) => values.parseList(text).map(values.parseCollector(collectorNames));
  const wanted = option('collect', choice) ?? collectorNames;
  const skipped = option('skip', choice) ?? [];
  const chosen = collectorNames.filter((name) => wanted.includes(name) && !skipped.includes(name));
  if (chosen.length === 0) throw new UsageError('--collect and --skip leave no collector to run');
  return chosen;
}

export function resolveInput(
  { option, options }: LookUp,
  args: Arguments,
  published: Published | undefined,
  from: FromConfigMaps | undefined,
): Pick<Settings, 'inputs' | 'now' | 'scope'> {
  const inputs = options('input', String);
  const now = option('now', values.parseTime);
  const scope = option('scope', String);
  if (inputs.length === 0 && from === undefined && now !== undefined)
    throw new UsageError('--now requires --input or --from: a collected document is judged as of its own time');
  if (inputs.length > 0 && published !== undefined)
    throw new UsageError('--input and --configmap cannot be combined: saved documents are not published');
  if (from !== undefined && (inputs.length > 0 || published !== undefined))
    throw new UsageError(
      inputs.length > 0
        ? '--from and --input cannot be combined: --from reads documents from Kubernetes, --input from files'
        : '--from and --configmap cannot be combined: documents that are read back are not published again',
    );
  if (new Set(inputs).size < inputs.length) throw new UsageError('--input names the same file twice');
  const isList = inputs.length > 1 || (from !== undefined && from.configMap === undefined);
  if (!isList) return { inputs, now, scope };
  // the variable may be set for the runs that collect on this host
  if (args.scope !== undefined)
    throw new UsageError(
      `--scope names one cluster, and ${from === undefined ? '--input' : '--from'} several documents: leave one of them out`,
    );
  return { inputs, now, scope: undefined };
}

export function resolveState({ option }: LookUp): Pick<Settings, 'state' | 'verifyEvery'> {
  const state = option('state', String);
  const verifyEvery = option('verifyEvery', values.parseVerifyEvery);
  if (verifyEvery !== undefined && state === undefined)
    throw new UsageError('--verify-every needs --state, which keeps the last result for the next run');
  return { state, verifyEvery };
}

export function chooseDestinations(
  { option }: LookUp,
  published: Published | undefined,
  { pushgateway }: Pushing,
  quiet: boolean,
): Destination[] {
  const path = option('output', values.parseOutput);
  const shown: Destination[] = path !== undefined ? [{ to: 'file', path }] : quiet ? [] : [{ to: 'stdout' }];
  return [published, pushgateway, ...shown].filter((destination) => destination !== undefined);
}

/** A person reads what the kubectl plugin prints. */
function defaultFormat(check: boolean, isPlugin: boolean): FormatName {
  if (check) return 'nagios';
  return isPlugin ? 'report' : 'json';
}

export function resolveThresholds({ option }: LookUp): Promise<Thresholds> {
  return loadThresholds({
    file: option('config', String),
    options: {
      lag_max: option('lagMax', parseSize),
      backup_max_age: option('backupMaxAge', values.parseLevels(parseDuration)),
      missed_backups: option('missedBackups', values.parseChoice(definitions.missedBackups.choices)),
      wal_delay_max: option('walDelayMax', values.parseLevels(values.parseCount)),
      wal_age_max: option('walAgeMax', parseDuration),
      recovery_window: option('recoveryWindow', parseDuration),
      failovers_max: option('failoversMax', values.parseCount),
      replay_lag_max: option('replayLagMax', parseSize),
      members_min: option('membersMin', values.parseCount),
      standby_age_max: option('standbyAgeMax', parseDuration),
      ignore_standbys: option('ignoreStandbys', values.parsePatterns),
    },
  });
}
