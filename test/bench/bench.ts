/**
 * `npm run bench -- [RUNS [EXECUTABLE…]]`: the cost of one run, compared with an empty executable that is built in the same way, the
 * shell pipeline that the program replaces, and other executables, such as that of an earlier commit. The runs alternate, so that a busy
 * machine affects all of them equally.
 */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, distDir, nativeArch, programName } from '../../bin/build/layout.ts';
import { pack } from '../../bin/build/pack.ts';
import { recorded, startPatroni } from '../stand-ins/patroni.ts';
import { canMeasurePeak, median, notingPeak, peakOfLast, timesOf, type Times } from './measure.ts';

interface Contender {
  name: string;
  command: string[];
}
interface Sample extends Times {
  memory: number;
}

const measures = ['cpu', 'wall', 'memory'] as const;
const runs = Number(process.argv[2] ?? 21);

async function sample({ command }: Contender): Promise<Sample> {
  return { ...(await timesOf(command)), memory: await peakOf(command) };
}

/** MiB, from a run of its own, because GNU time costs CPU time, too. */
async function peakOf(command: readonly string[]): Promise<number> {
  if (canMeasurePeak) await timesOf(notingPeak(command));
  return peakOfLast();
}

/** An executable that does nothing, built like the program, with a code cache. */
async function emptyExecutable(arch: 'x64' | 'arm64'): Promise<string> {
  const output = join(cacheDir, 'empty');
  const source = '0;';
  const bundle = join(cacheDir, 'empty.cjs');
  writeFileSync(bundle, source);
  await pack(bundle, source, arch, output);
  return output;
}

function read(name: string): string {
  return readFileSync(join('test/fixtures/walg/v3.0.9/healthy-many', name), 'utf8').trim();
}

/** The output of WAL-G if only this one of the two checks is requested. */
function alone(check: 'integrity' | 'timeline'): string {
  const both = JSON.parse(read('wal-verify-both.stdout')) as Record<string, unknown>;
  return JSON.stringify({ [check]: both[check] });
}

function script(name: string, text: string): string {
  const file = join(cacheDir, name);
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

/** The shell script that the program replaces: the same requests, one document. */
const pipeline = `#!/bin/bash
set -eu
run() { if command -v envdir >/dev/null && [ -d /etc/wal-g.d/env ]; then envdir /etc/wal-g.d/env "$@"; else "$@"; fi; }
cluster=$(curl -fsS --max-time 5 "$1/cluster")
config=$(curl -fsS --max-time 5 "$1/config")
enabled=$(jq '.postgresql.parameters.archive_mode == "on" or .postgresql.parameters.archive_mode == true' <<<"$config")
command=$(jq '.postgresql.parameters | has("archive_command")' <<<"$config")
backup=$(run "$2" backup-list --json 2>/dev/null | jq '.[-1]')
timeline=$(run "$2" wal-verify timeline --json 2>/dev/null)
integrity=$(run "$2" wal-verify integrity --json 2>/dev/null)
jq -nc --argjson cluster "$cluster" --argjson enabled "$enabled" --argjson command "$command" --argjson backup "$backup" \\
  --argjson timeline "$timeline" --argjson integrity "$integrity" --arg now "$(date +%s)" '{cluster_status: $cluster,
  patroni_archive_enabled: $enabled, patroni_archive_command_set: $command, walg_last_backup: $backup,
  walg_timeline: $timeline, walg_integrity: $integrity, current_timestamp: ($now | tonumber)}'
`;

/** Answers at once, from memory. */
const walg = `#!/bin/sh
case "$1 $2" in
backup-list*) cat <<'X'
${read('backup-list--detail.stdout')}
X
;;
'wal-verify timeline') echo '${alone('timeline')}' ;;
'wal-verify integrity') [ "$3" = timeline ] && echo '${read('wal-verify-both.stdout')}' || echo '${alone('integrity')}' ;;
esac
`;

if (nativeArch === undefined) throw new Error('the executables run on Linux, x64 or arm64');
const patroni = await startPatroni(recorded('test/fixtures/patroni/v4.1.4', 's1_healthy', 'node1'));
const standIn = script('stand-in-wal-g', walg);
const program = join(distDir, `${programName}-linux-${nativeArch}`);
const options = ['--patroni-url', patroni.url, '--wal-g', standIn];
const contenders: Contender[] = [
  { name: 'empty executable', command: [await emptyExecutable(nativeArch)] },
  { name: 'program', command: [program, ...options] },
  { name: 'shell pipeline', command: [script('pipeline', pipeline), patroni.url, standIn] },
  ...process.argv.slice(3).map((other) => ({ name: other, command: [other, ...options] })),
];

const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]));
for (let run = -2; run < runs; run++) {
  for (const contender of contenders) {
    const measured = await sample(contender);
    if (run >= 0) samples.get(contender.name)?.push(measured); // the first two runs only warm the page cache
  }
}
await patroni.close();

const medians = new Map(
  [...samples].map(([name, all]) => [name, measures.map((measure) => median(all.map((one) => one[measure])))]),
);
console.log(`\nmedians of ${runs} runs    CPU ms  wall ms  peak MiB`);
for (const [name, values] of medians) {
  console.log(`${name.padEnd(20)}${values.map((value) => value.toFixed(1).padStart(9)).join('')}`);
}
const [empty, own, shell] = [...medians.values()];
if (empty !== undefined && own !== undefined && shell !== undefined) {
  const ratio = (a: number[], b: number[], index: number) => ((a[index] ?? NaN) / (b[index] ?? NaN)).toFixed(2);
  console.log(`CPU:    ${ratio(own, empty, 0)} x empty, ${ratio(own, shell, 0)} x shell pipeline`);
  console.log(`wall:   ${ratio(own, empty, 1)} x empty, ${ratio(own, shell, 1)} x shell pipeline`);
  console.log(`memory: ${((own[2] ?? NaN) - (empty[2] ?? NaN)).toFixed(1)} MiB over empty`);
}
