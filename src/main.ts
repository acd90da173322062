import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { printText } from './deliveries/stdout.ts';
import { asError, DeliveryError, isForeseen, UsageError } from './errors.ts';
import { isForZabbix } from './formats/index.ts';
import { pluginLine } from './formats/nagios/plugin-line.ts';
import { generator } from './generator.ts';
import { type Arguments, parseCommandLine, type ToExamine } from './options/command.ts';
import { asksToCheck, resolveSettings } from './options/settings.ts';
import { CHECK_EXIT, EXIT, run } from './run.ts';
import { endChildren } from './system/child.ts';
import { deadlineAt, graceWithin } from './system/deadline.ts';
import { stderrLog, type Log } from './system/log.ts';
import { leaveStderrAlone } from './system/output.ts';
import { presentable, redactor } from './text/redact.ts';
import { stopWatching, watch } from './system/watchdog.ts';
import type { World } from './world.ts';

/** Runs the command once and ends the process with its exit status. */
export async function main(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<never> {
  leaveStderrAlone();
  const status = await exitStatus(argv, environment);
  // children are left only if the run did not end in time
  await endChildren(0);
  await stopWatching();
  process.exit(status);
}

async function exitStatus(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  let redact = redactor(Object.entries(environment));
  let log = stderrLog({ quiet: false, verbose: false }, redact);
  let args: Arguments = argv.includes('--check') ? { check: true } : {};
  const ending = new AbortController();
  let ended: Promise<number> | undefined;
  try {
    const commandLine = parseCommandLine(argv);
    if ('show' in commandLine) {
      await printText(await commandLine.show(), deadlineAt(Infinity));
      return EXIT.ok;
    }
    args = 'arguments' in commandLine ? commandLine.arguments : {};
    const job =
      'doctor' in commandLine ? await examination(commandLine.doctor, environment) : await usualRun(args, environment);
    const { timeout } = job;
    const secrets = job.secrets.map((value) => ['SECRET', value] as const);
    redact = redactor(Object.entries(environment), Object.entries(job.walgEnvironment), secrets);
    log = stderrLog(job, redact);
    const world: World = {
      environment,
      log,
      redact,
      signal: ending.signal,
      // a terminal whose size was never set reports 0 columns
      terminal: isatty(1) ? { columns: process.stdout.columns || 80 } : undefined,
      showsProgress: isatty(2) && environment['TERM'] !== 'dumb',
      now: Date.now,
    };
    const grace = graceWithin(timeout);
    watch({ timeout, grace, message: blocked(timeout) });
    ended = signalled(ending, grace);
    return await Promise.race([job.start(world), ended, overdue(timeout), uncaught()]);
  } catch (error) {
    // the run fails because its children were ended: the cause is the signal
    if (ended !== undefined && ending.signal.aborted) return ended;
    const message = describe(error, log);
    // an error that a person must correct is printed even if failures are silent
    const isSilent = isForeseen(error) && !(error instanceof UsageError);
    (isSilent ? log : stderrLog({ quiet: true, verbose: false }, redact)).failure(message);
    if (asksToCheck(args, environment)) return endUnknown(presentable(message, redact));
    return error instanceof UsageError ? EXIT.usage : EXIT.undelivered;
  }
}

/** What the command line asks for, when its settings are known. */
interface Job {
  /** Milliseconds. */
  timeout: number;
  quiet: boolean;
  verbose: boolean;
  silent: boolean;
  /** Its secrets are redacted in all output. */
  walgEnvironment: Readonly<Record<string, string>>;
  secrets: readonly string[];
  /** Resolves to the exit status. */
  start: (world: World) => Promise<number>;
}

/** @throws UsageError */
async function usualRun(args: Arguments, environment: NodeJS.ProcessEnv): Promise<Job> {
  const settings = await resolveSettings(args, environment);
  const { timeout, quiet, verbose, secrets, format, walg } = settings;
  const log = { quiet, verbose, silent: isForZabbix(format) };
  return { ...log, timeout, secrets, walgEnvironment: walg.environment, start: (world) => run(settings, world) };
}

/** --doctor: errors in the settings become findings instead of ending the run. */
async function examination(toExamine: ToExamine, environment: NodeJS.ProcessEnv): Promise<Job> {
  const [{ resolveSetUp }, { examine }] = await Promise.all([
    import('./options/set-up.ts'),
    import('./doctor/examine.ts'),
  ]);
  const setUp = await resolveSetUp(toExamine, environment);
  const { timeout, verbose, secrets, walg } = setUp;
  const log = { quiet: false, verbose, silent: false };
  return { ...log, timeout, secrets, walgEnvironment: walg.environment, start: (world) => examine(setUp, world) };
}

/** What went wrong, in a sentence. An error of an unexpected type is a bug in this program; its stack goes to --verbose. */
function describe(thrown: unknown, log: Log): string {
  const { message, stack = '' } = asError(thrown);
  if (isForeseen(thrown)) return message;
  for (const line of stack.split('\n').slice(1)) log.detail(line);
  return `this is a bug in ${generator.name} ${generator.version}, please report it (--verbose shows where it is): ${message}`;
}

/** Ends a monitoring plugin that has no verdict. The message must be on stdout, and 1 or 2 would mean WARNING or CRITICAL. */
async function endUnknown(why: string): Promise<number> {
  // if stdout cannot be written to, the exit status is left
  await printText(pluginLine('UNKNOWN', why), deadlineAt(performance.now() + 1000)).catch(() => undefined);
  return CHECK_EXIT.unknown;
}

/** The message of the watchdog. */
function blocked(timeout: number): string {
  return `${generator.name}: killed, because it was still busy after ${timeout / 1000} s, or after a signal: raise --timeout if the input is large; else report this bug in ${generator.name} ${generator.version} with its input`;
}

const ENDING_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const;

/** Resolves to 128+n after signal n, once all children have exited. Further signals are ignored: the children would survive them. */
async function signalled(ending: AbortController, grace: number): Promise<number> {
  const signal = await new Promise<(typeof ENDING_SIGNALS)[number]>((resolve) => {
    for (const name of ENDING_SIGNALS)
      process.on(name, () => {
        resolve(name);
      });
  });
  ending.abort();
  await endChildren(grace);
  return 128 + constants.signals[signal];
}

/** An error thrown in a callback would make Node.js exit with 1, which has another meaning here. */
function uncaught(): Promise<never> {
  return new Promise((_resolve, reject) => process.once('uncaughtException', reject));
}

/** The last resort, should a part of the run exceed its own limit. */
async function overdue(timeout: number): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, timeout - performance.now())));
  throw new DeliveryError(`the run did not end within ${timeout / 1000} s`);
}
