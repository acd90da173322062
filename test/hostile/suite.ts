import { appendFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { NODE1 } from '../stand-ins/host.ts';
import { healthyDocument, save } from '../stand-ins/saved.ts';
import { startMeasuringHost, type Cost } from './measured.ts';
import { HOSTILE, type Hostile } from './table.ts';

/** Seconds of CPU time, start-up included; without the bounds most of these inputs take minutes. */
const MOST_TIME = 12;
/** MiB. */
const MOST_MEMORY = 600;

/** Runs this command with every input of the table. If HOSTILE_REPORT names a file, a line of Markdown for each is appended to it. */
export function tryEveryInput(command: () => readonly string[]): void {
  test.each(HOSTILE)('$source: $input', async (hostile) => {
    const [path, reply] = hostile.patroni ?? [];
    const bytes = reply?.() ?? '';
    const host = await startMeasuringHost(command(), {
      // the executable ignores NODE_OPTIONS, so its memory is only measured
      environment: { NODE_OPTIONS: '--max-old-space-size=500' },
      patroni: (asked) => (asked === path ? bytes : NODE1(asked)),
    });
    if (hostile.walg !== undefined) host.program('wal-g', hostile.walg);
    if (hostile.saved !== undefined) save(host, hostile.saved(await healthyDocument()));
    const input = hostile.saved === undefined ? [] : ['--input', 'status.json'];
    const { status, stdout, stderr, cost } = await host.measured('--timeout', '50s', ...input);
    report(hostile, cost);
    expect({ status, stderr }).toEqual({
      status: hostile.status,
      stderr: hostile.says === undefined ? '' : (expect.stringMatching(hostile.says) as string),
    });
    if (hostile.status < 2) expect(Object.keys(JSON.parse(stdout) as object)).toContain('health');
    expect(cost.cpu).toBeLessThan(MOST_TIME);
    expect(cost.memory).toBeLessThan(MOST_MEMORY);
  });
}

function report({ source, input, status, says }: Hostile, { wall, cpu, memory }: Cost): void {
  const file = process.env['HOSTILE_REPORT'];
  if (file === undefined) return;
  const expected = `${String(status)}${says === undefined ? '' : `, ${says.source.replaceAll('\\', '')}`}`;
  const took = `${wall.toFixed(1)} s | ${cpu.toFixed(1)} s | ${memory.toFixed(0)} MiB`;
  appendFileSync(file, `| ${source} | ${input} | ${expected} | ${took} |\n`);
}
