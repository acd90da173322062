import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../errors.ts';

/** How long (ms) the kernel is waited for after SIGKILL: a process in an uninterruptible wait, such as for NFS, may never end. */
const MOST_WAIT_AFTER_KILL = 1_000;

/** SIGTERM to the group and, where something of it is still there `grace` ms later, SIGKILL. Returns once nothing of it is alive. */
export async function endGroup(group: number, grace: number): Promise<void> {
  if (!signalGroup(group, 'SIGTERM')) return;
  if (!(await isGone(group, grace, 100))) await killGroup(group);
}

/** SIGKILL to what is left of the group. Returns once nothing of it is alive, or after a second. */
export async function killGroup(group: number): Promise<void> {
  if (signalGroup(group, 'SIGKILL')) await isGone(group, MOST_WAIT_AFTER_KILL, 10);
}

/**
 * Waits up to `milliseconds` until nothing of the group is alive, and returns whether that is so. It looks at ever longer intervals;
 * from `closely` (ms) on it looks at every process, which costs milliseconds.
 */
async function isGone(group: number, milliseconds: number, closely: number): Promise<boolean> {
  const end = performance.now() + milliseconds;
  for (let pause = 5; signalGroup(group, 0); pause = Math.min(2 * pause, 100)) {
    if (pause >= closely && !hasLiving(group)) return true;
    const left = end - performance.now();
    if (left <= 0) return false;
    await sleep(Math.min(pause, left));
  }
  return true;
}

/** Signals a process group; false where there is none of that number any more. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

/** A process that has ended counts as there until its parent asks how: an orphan's is init, which may be slow, or never asks. */
function hasLiving(group: number): boolean {
  return readdirSync('/proc').some((name) => {
    const [state, , its] = /^\d+$/.test(name) ? statistics(name) : [];
    return its === String(group) && state !== 'Z' && state !== 'X';
  });
}

/** The fields of /proc/PID/stat that follow the program's name: state, parent, process group, … (proc(5)). */
function statistics(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return [];
  }
}
