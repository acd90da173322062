import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A shell in the same process group that ends this process if a loop blocks its event loop, and with it the time limit and the signal
 * handlers. It costs 9 ms of CPU time, so it is started only when the run takes longer than LONG or has read more than MUCH. (A Worker
 * thread with a timer would cost 60 ms and 20 MiB, and would get no signals.)
 *
 * The shell waits until this process exits (the end of its stdin), the deadline passes, or the process group gets a signal (from
 * `timeout`, systemd or Ctrl-C). After the deadline or a signal, this process has a short time to exit by itself; then it gets SIGKILL.
 * In each case the shell kills the process groups of WAL-G and kubectl that are left; it learns of them on stdin, as `+PID` and `-PID`.
 * Limits: the kernel protects the first process of a container from its SIGKILL, and it does not see a SIGTERM to this process only.
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
/** Bytes: all replies of a healthy cluster together have a few tens of KiB. */
const MUCH = 128 * 1024;
const MOST_WAIT_FOR_ITS_END = 300;

interface Watched {
  /** Milliseconds that the run may take, and that children have between SIGTERM and SIGKILL. */
  timeout: number;
  grace: number;
  /** Printed on stderr if this process had to be killed. */
  message: string;
}

let watched: Watched | undefined;
let timer: NodeJS.Timeout | undefined;
let helper: ChildProcess | undefined;
let bytesRead = 0;
const groups = new Set<number>();

/** Allows the watchdog to start, as soon as one of its conditions is met. */
export function watch(run: Watched): void {
  watched = run;
  timer = setTimeout(start, Math.max(0, LONG - performance.now()));
  timer.unref();
  if (bytesRead > MUCH) start();
}

/** Counts bytes that were read from outside. */
export function noteRead(bytes: number): void {
  bytesRead += bytes;
  if (bytesRead > MUCH) start();
}

/** Registers a process group that must not survive the run. */
export function noteGroup(group: number): void {
  groups.add(group);
  tell(`+${group}`);
}

/** Unregisters a process group that has ended. */
export function forgetGroup(group: number): void {
  groups.delete(group);
  tell(`-${group}`);
}

/** Stops the watchdog at the end of the run. Resolves when the shell has exited. */
export async function stopWatching(): Promise<void> {
  clearTimeout(timer);
  watched = undefined;
  if (helper === undefined) return;
  const gone = helper.exitCode === null ? once(helper, 'exit') : undefined;
  helper.stdin?.end();
  // the timer keeps the event loop alive: with an empty event loop Node.js would exit with status 0
  await Promise.race([gone, sleep(MOST_WAIT_FOR_ITS_END)]);
}

function start(): void {
  if (watched === undefined || helper !== undefined) return;
  const { timeout, grace, message } = watched;
  const seconds = (milliseconds: number) => (Math.max(0, milliseconds) / 1000).toFixed(2);
  const left = seconds(timeout - performance.now());
  // loaded here, because most runs do not need it, and synchronously, because a loop may block the event loop
  const { spawn } = process.getBuiltinModule('node:child_process');
  helper = spawn('/bin/sh', ['-c', SCRIPT, 'sh', String(process.pid), left, seconds(grace + 1000), message], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    // as descriptor 3, because libuv would change O_NONBLOCK of descriptor 2, which other processes share
    stdio: ['pipe', 'ignore', 'ignore', 2],
  });
  // if there is no shell, the run continues without the watchdog
  helper.on('error', () => undefined).unref();
  helper.stdin?.on('error', () => undefined);
  for (const group of groups) tell(`+${group}`);
}

/** A synchronous write, because the event loop may be blocked later. An empty pipe accepts these few bytes at once. */
function tell(line: string): void {
  if (helper?.stdin?.writable) helper.stdin.write(`${line}\n`);
}
