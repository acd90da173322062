import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Ends a run that its own timer and its own signal handlers cannot end, because a loop keeps the event loop from them: a shell beside
 * it, in its process group. That costs 9 ms of processor time (a Worker thread with a timer costs 60 ms and 20 MiB, and signals do not
 * reach it), so it is started only once there is a reason: the run takes longer than LONG, or has read more than MUCH.
 *
 * The shell waits until its stdin ends, with this process, or until the deadline passes or a signal comes to the process group (from
 * `timeout`, systemd or Ctrl-C). Then this process has a moment to end by itself. Whatever ended it, the process groups that it left
 * behind are killed: those of WAL-G and kubectl, which it is told on stdin as `+PID` and `-PID`. It cannot kill the first process of a
 * container, which the kernel protects, and a SIGTERM to this process alone does not reach it.
 */
const SCRIPT = `
trap : HUP INT QUIT TERM
main=$1 deadline=$2 grace=$3 message=$4 late=
told=$(timeout --foreground "$deadline" cat)
case $? in
0) wait= ;;
124) wait=0.8 ;;
129 | 130 | 131 | 143) wait=$grace ;;
*) exit 1 ;;
esac
if [ -n "$wait" ]; then
  until more=$(timeout --foreground "$wait" cat); do
    [ $? != 124 ] || { late=yes; break; }
  done
  told="$told $more"
fi
[ -z "$late" ] || kill -s KILL "$main"
left=
for line in $told; do
  case $line in
  +*) left="$left \${line#+}" ;;
  -*)
    others=
    for group in $left; do [ "$group" = "\${line#-}" ] || others="$others $group"; done
    left=$others
    ;;
  esac
done
for group in $left; do kill -s KILL -- "-$group"; done 2>/dev/null
[ -z "$late" ] || echo "$message" >&3
`;

/** Milliseconds since the start of the process. */
const LONG = 1000;
/** Bytes: a healthy cluster's answers are together a few tens of KiB. */
const MUCH = 128 * 1024;
const MOST_WAIT_FOR_ITS_END = 300;

interface Watched {
  /** Milliseconds that the run may take, and that children have between SIGTERM and SIGKILL. */
  timeout: number;
  grace: number;
  /** What is said on stderr where it has to act. */
  message: string;
}

let watched: Watched | undefined;
let timer: NodeJS.Timeout | undefined;
let helper: ChildProcess | undefined;
let bytesRead = 0;
const groups = new Set<number>();

/** From now on the run is watched as soon as there is a reason. */
export function watch(run: Watched): void {
  watched = run;
  timer = setTimeout(start, Math.max(0, LONG - performance.now()));
  timer.unref();
  if (bytesRead > MUCH) start();
}

/** Something was read from outside. */
export function noteRead(bytes: number): void {
  bytesRead += bytes;
  if (bytesRead > MUCH) start();
}

/** A process group was started that must not survive the run. */
export function noteGroup(group: number): void {
  groups.add(group);
  tell(`+${group}`);
}

/** It is gone. */
export function forgetGroup(group: number): void {
  groups.delete(group);
  tell(`-${group}`);
}

/** The run has ended by itself. Resolves once the shell is gone. */
export async function stopWatching(): Promise<void> {
  clearTimeout(timer);
  watched = undefined;
  if (helper === undefined) return;
  const gone = helper.exitCode === null ? once(helper, 'exit') : undefined;
  helper.stdin?.end();
  // a timer that keeps the event loop alive: were nothing left in it, Node.js would end with exit status 0
  await Promise.race([gone, sleep(MOST_WAIT_FOR_ITS_END)]);
}

function start(): void {
  if (watched === undefined || helper !== undefined) return;
  const { timeout, grace, message } = watched;
  const seconds = (milliseconds: number) => (Math.max(0, milliseconds) / 1000).toFixed(2);
  const left = seconds(timeout - performance.now());
  // loaded here and at once: most runs do not need it, and a loop may block what would come later
  const { spawn } = process.getBuiltinModule('node:child_process');
  helper = spawn('/bin/sh', ['-c', SCRIPT, 'sh', String(process.pid), left, seconds(grace + 1000), message], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    // as 3 and not as 2: libuv would change O_NONBLOCK of a stderr that others share
    stdio: ['pipe', 'ignore', 'ignore', 2],
  });
  // without a shell or its tools there is no watchdog: nothing of the run depends on it
  helper.on('error', () => undefined).unref();
  helper.stdin?.on('error', () => undefined);
  for (const group of groups) tell(`+${group}`);
}

/** A pipe takes some bytes at once, whatever the event loop does. */
function tell(line: string): void {
  if (helper?.stdin?.writable) helper.stdin.write(`${line}\n`);
}
