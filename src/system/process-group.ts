import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../errors.ts';

/** The longest wait (ms) after SIGKILL: a process in uninterruptible sleep, for instance on NFS, may never end. */
const MOST_WAIT_AFTER_KILL = 1_000;

/** Sends SIGTERM to the group and, if any process of it is alive `grace` ms later, SIGKILL. Returns when none is alive. */
export async function endGroup(group: number, grace: number): Promise<void> {
  if (!signalGroup(group, 'SIGTERM')) return;
  if (!(await isGone(group, grace, 100))) await killGroup(group);
}

/** Sends SIGKILL to the group. Returns when no process of it is alive, or after a second. */
export async function killGroup(group: number): Promise<void> {
  if (signalGroup(group, 'SIGKILL')) await isGone(group, MOST_WAIT_AFTER_KILL, 10);
}

/**
 * Waits up to `milliseconds` until no process of the group is alive, and returns whether that is so. The interval between two checks
 * doubles; from `closely` (ms) on each check reads /proc, which takes milliseconds.
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

/** Signals a process group; false = it does not exist any more. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

/** kill(2) also finds zombies, which stay until their parent waits for them: an orphan's parent is init, which may be slow. */
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
