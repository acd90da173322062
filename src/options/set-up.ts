import { collectorNames } from '../collectors/index.ts';
import type { Part, Publishing, SetUp } from '../doctor/set-up.ts';
import { UsageError } from '../errors.ts';
import { overlay, type Variables } from '../walg/variables.ts';
import type { ToExamine } from './command.ts';
import { definitions, type OptionDefinition, type OptionName, optionList, variableName } from './definitions.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import { lookUpIn, readEnvironment, type LookUp } from './look-up.ts';
import { askedFor, type Machine, resolveConfigMap, resolvePublisher, thisMachine } from './publishing.ts';
import { resolvePushing } from './pushing.ts';
import { resolveReading } from './reading.ts';
import { chooseCollectors, chooseDestinations, resolveInput, resolveState, resolveThresholds } from './settings.ts';
import { resolveTls } from './tls.ts';
import * as values from './values.ts';

/** The parts that a run resolves at once, each by itself: what is wrong with one of them is kept beside the others. */
export async function resolveSetUp(
  { arguments: args, faults: unparsed }: ToExamine,
  processEnvironment: NodeJS.ProcessEnv,
  machine: Machine = thisMachine,
): Promise<SetUp> {
  const faults = new Set(unparsed);
  const note = (fault: string) => void faults.add(fault);
  const environment = part(() => readEnvironment(args, processEnvironment, () => false));
  const { variables, path } = environment.value ?? { path: null, variables: new Map() };
  const strict = lookUpIn(args, { path, variables }, processEnvironment);
  const lookUp = forgiving(strict, note);
  const { option } = lookUp;

  const urls = part(() => strict.option('patroniUrl', values.parsePatroniUrls));
  if (urls.fault !== undefined) note(urls.fault);
  const publishing = resolvePublishing(strict, environment, processEnvironment, machine, note);
  const published = publishing?.configMap?.value && publishing.kubectl.value;

  // the others are not needed, but may be wrong
  for (const name of SWITCHES) option(name, values.parseSwitch);
  for (const name of TEXTS) option(name, String);
  option('metricsCompat', values.parseChoice(definitions.metricsCompat.choices));
  const format = option('format', values.parseChoice(definitions.format.choices));
  if (args.details !== undefined && format !== 'report') note('--details requires --format report');
  const thresholds = () => resolveThresholds(lookUp);
  await thresholds().catch(noteUsage(note));
  const walgIsApart = environment.value?.path !== null;
  const from = attempt(() => resolveReading(lookUp, args, processEnvironment, walgIsApart, machine), note);
  const input = attempt(() => resolveInput(lookUp, args, undefined, from), note);
  const isLive = from === undefined && (input?.inputs ?? []).length === 0;
  const pushing = attempt(() => resolvePushing(strict, args, processEnvironment, isLive), note);
  attempt(() => resolveState(lookUp), note);
  chooseDestinations(lookUp, undefined, pushing ?? NOTHING, true);
  if (published !== undefined && lookUp.options('input', String).length > 0)
    note('--input and --configmap cannot be combined: saved documents are not published');

  const settings = {
    secrets: pushing?.secrets ?? [],
    timeout: option('timeout', values.parseTimeout),
    collectors: attempt(() => chooseCollectors(lookUp), note) ?? collectorNames,
    environment,
    walg: { path: option('walG', String), environment: overlay(processEnvironment, variables) },
    patroni: {
      urls,
      tls: part(() => resolveTls(strict, urls.value ?? [])),
      leaderApi: option('leaderApi', values.parseChoice(definitions.leaderApi.choices)),
    },
    publishing,
    publishFrom: option('publishFrom', values.parseChoice(definitions.publishFrom.choices)),
    processEnvironment,
    format: format === 'json' ? ('json' as const) : ('text' as const),
    color: option('color', values.parseChoice(definitions.color.choices)),
    verbose: option('verbose', values.parseSwitch) ?? false,
    remedyFor,
  };
  return { ...settings, faults: [...faults], unknownVariables: unknownVariables(variables, processEnvironment) };
}

const NOTHING = { pushgateway: undefined, ping: undefined, secrets: [] };
const SWITCHES = ['check', 'quiet', 'patroniInsecure', 'noLabels'] as const satisfies readonly OptionName[];
const TEXTS = ['details', 'scope'] as const satisfies readonly OptionName[];

function resolvePublishing(
  lookUp: LookUp,
  environment: SetUp['environment'],
  processEnvironment: NodeJS.ProcessEnv,
  { findProgram, readText }: Machine,
  note: (fault: string) => void,
): Publishing | undefined {
  const asked = part(() => askedFor(lookUp));
  if (asked.value === false) return undefined;
  if (asked.fault !== undefined) note(asked.fault);
  const walgIsApart = environment.value?.path !== null;
  const programs = {
    kubectl: part(() => resolvePublisher(lookUp, processEnvironment, walgIsApart, findProgram)),
    isKubectlGiven: part(() => lookUp.option('kubectl', String)).value !== undefined,
  };
  if (asked.fault !== undefined) return { configMap: asked, ...programs };
  const isUnnamed = asked.value === true && environment.fault !== undefined;
  const hidden = isUnnamed && !processEnvironment['STATUS_NAME'];
  const named = asked.value;
  return { configMap: hidden ? undefined : part(() => resolveConfigMap(lookUp, named, readText)), ...programs };
}

/** @throws what is not the user's fault. */
function part<Value>(resolve: () => Value): Part<Value> {
  try {
    return { value: resolve() };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { fault: error.message };
  }
}

function attempt<Value>(resolve: () => Value, note: (fault: string) => void): Value | undefined {
  const { value, fault } = part(resolve);
  if (fault !== undefined) note(fault);
  return value;
}

function noteUsage(note: (fault: string) => void): (error: unknown) => void {
  return (error) => {
    attempt(() => {
      throw error;
    }, note);
  };
}

/** Looks values up, and gives the default for one that is not valid. */
function forgiving(lookUp: LookUp, note: (fault: string) => void): LookUp {
  const option = <Value>(name: OptionName, parse: (text: string) => Value, parseFlag = parse): Value | undefined => {
    const { default: byDefault }: OptionDefinition = definitions[name];
    return (
      attempt(() => lookUp.option(name, parse, parseFlag), note) ??
      (byDefault === undefined ? undefined : parse(byDefault))
    );
  };
  return {
    option,
    options: (name, parse) => attempt(() => lookUp.options(name, parse), note) ?? [],
    variable: (name, parse) => attempt(() => lookUp.variable(name, parse), note),
  };
}

function unknownVariables(variables: Variables, processEnvironment: NodeJS.ProcessEnv): string[] {
  const known = new Set(optionList.map(({ name }) => variableName(name)));
  const set = [...variables.keys(), ...Object.keys(processEnvironment)];
  return [...new Set(set)].filter((name) => name.startsWith('POSTGRES_STATUS_') && !known.has(name)).toSorted();
}

function remedyFor(message: string): string | undefined {
  return DIAGNOSTICS.find(([pattern]) => {
    let from = 0;
    return pattern.split('…').every((piece) => {
      const at = message.indexOf(piece.trim(), from);
      from = at + piece.trim().length;
      return at >= 0;
    });
  })?.[1];
}
