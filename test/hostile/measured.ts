import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHost, type Circumstances, type Ended, type Host } from '../stand-ins/host.ts';

/** Runs a command and writes its cost to a file: wall time (s), CPU time (s) and peak memory (KiB), children included. */
const MEASURE = `
import json, resource, subprocess, sys, time
started = time.monotonic()
status = subprocess.call(sys.argv[2:])
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], 'w') as file:
    json.dump({'wall': time.monotonic() - started, 'cpu': usage.ru_utime + usage.ru_stime, 'kib': usage.ru_maxrss}, file)
sys.exit(status if status >= 0 else 128 - status)
`;

/** The cost of a run: seconds, and MiB. */
export interface Cost {
  wall: number;
  cpu: number;
  memory: number;
}

export interface Measured extends Ended {
  cost: Cost;
}

/** A host whose runs are measured. */
export interface MeasuringHost extends Host {
  measured: (...args: string[]) => Promise<Measured>;
}

export async function startMeasuringHost(
  command: readonly string[],
  circumstances: Circumstances = {},
): Promise<MeasuringHost> {
  const host = await startHost({
    ...circumstances,
    // relative to the folder of the host, in which it runs
    command: ['/usr/bin/env', 'python3', '-c', MEASURE, 'cost.json', ...command],
  });
  const measured = async (...args: string[]) => {
    const ended = await host.run(...args);
    const cost = JSON.parse(readFileSync(join(host.folder, 'cost.json'), 'utf8')) as Cost & { kib: number };
    return { ...ended, cost: { wall: cost.wall, cpu: cost.cpu, memory: cost.kib / 1024 } };
  };
  return { ...host, measured };
}
