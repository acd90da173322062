/**
 * `npm run bench:fleet -- [DOCUMENTS [KIB [RUNS [EXECUTABLE…]]]]`: what `--from configmaps` costs for a fleet of that many documents of that
 * size, in each format: processor time beyond that of kubectl and that of a start (a run that finds nothing), also divided by what
 * `JSON.parse` alone takes for these lists and documents; and the peak of memory. kubectl is a stand-in that prints prepared pages of 500 as an
 * API server sends them. Other executables, such as that of an earlier commit, are measured in turn, so that a busy machine affects all alike.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { distDir, nativeArch, programName } from '../../bin/build/layout.ts';
import type { StatusDocument } from '../../src/document/schema.ts';
import { judge } from '../../src/health/index.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import { segmentName } from '../../src/wal/ranges.ts';
import { withWal } from '../../src/wal/read.ts';
import {
  backupAt,
  backups,
  documentWith,
  integrity,
  leading,
  node,
  NOW,
  replica,
  type Row,
  standby,
} from '../stand-ins/builders.ts';
import { median, notingPeak, peakOfLast, timesOf } from './measure.ts';

const [documents = '1000', kib = '8', runs = '7', ...others] = process.argv.slice(2);
const formats = ['report', 'json', 'prometheus', 'nagios', 'zabbix'];
const PAGE = 500;
const DAY = 86_400_000;

/** What a cluster has much of. */
interface Amounts {
  replicas: number;
  backups: number;
  holes: number;
}

const NONE: Amounts = { replicas: 0, backups: 0, holes: 0 };

/** WAL segments are numbered from the newest backup's. */
const NEWEST = 0x9f0;
const nameOf = (number: number) => segmentName(1, NEWEST + number, 16);

/** A healthy cluster as it was published, with a backup a day, and holes in the WAL before the oldest of them. */
function documentOf(number: number, amounts: Amounts): StatusDocument {
  const names = Array.from({ length: amounts.replicas }, (_, index) => `node${String(index + 2)}`);
  const scope = `cluster-${String(number)}`;
  const lag = number % 10 === 0 ? 64 * 1024 * 1024 : number;
  const tags = { clonefrom: true };
  const recent = Array.from({ length: amounts.backups }, (_, age) =>
    backupAt(new Date(NOW - 3_600_000 - age * DAY).toISOString(), nameOf(-age)),
  );
  const oldest = -amounts.backups;
  const rows = Array.from({ length: amounts.holes }, (_, index): Row[] => {
    const end = oldest - 1 - index * 16;
    return [
      [nameOf(end - 14), nameOf(end), 15, 'FOUND'],
      [nameOf(end - 15), nameOf(end - 15), 1, 'MISSING_LOST'],
    ];
  });
  const newest: Row = [nameOf(oldest), nameOf(2), 3 - oldest, 'FOUND'];
  const document = documentWith({
    cluster_status: { members: [leading, ...names.map((name) => replica(name, { lag, tags }))], scope },
    node: node({ scope, lsn: '9/F3000000', replication: names.map((name) => standby(name)) }),
    ...backups(...recent),
    ...integrity(amounts.holes > 0 ? 'FAILURE' : 'OK', ...[newest, ...rows.flat()].reverse()),
  });
  const read = withWal(document);
  return { ...read, health: judge(read, defaultThresholds, NOW) };
}

/** With these shares of members, backups and holes, one after the other. */
const KINDS = [
  [1, 1, 1],
  [6, 1, 1],
  [1, 6, 1],
  [1, 1, 6],
] as const;

/** Of each kind, the amounts of the largest document that has at most so many bytes. */
function kindsOfSize(bytes: number): Amounts[] {
  return KINDS.map(([replicas, most, holes]) => {
    const sized = (size: number): Amounts => ({
      replicas: 1 + Math.floor(replicas * size),
      backups: 1 + Math.floor(most * size),
      holes: Math.floor(holes * size),
    });
    let size = 0;
    for (let step = 32; step > 0.1; step /= 2)
      if (JSON.stringify(documentOf(0, sized(size + step))).length <= bytes) size += step;
    return sized(size);
  });
}

/** The ConfigMap as an API server lists it. */
function configMap(number: number, kinds: readonly Amounts[]): object {
  const status = JSON.stringify(documentOf(number, kinds[number % kinds.length] ?? NONE));
  const labels = { 'app.kubernetes.io/name': 'postgres-status', 'postgres-status/health': 'ok' };
  return {
    metadata: {
      name: `status-postgres-${String(number)}`,
      namespace: `team-${String(number % 50)}`,
      uid: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
      resourceVersion: String(100_000 + number),
      creationTimestamp: '2026-11-20T21:04:31Z',
      labels,
      managedFields: [{ manager: 'kubectl-patch', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1' }],
    },
    data: { status },
  };
}

/** Prints the page that it is asked for. */
const PRINT_PAGE = `#!/bin/sh
case $2 in *continue=*) page=\${2##*continue=} ;; *) page=0 ;; esac
cd "$(dirname "$0")" && exec cat "page-\${page%%&*}"
`;

/** A program that prints these ConfigMaps as pages. */
function standInKubectl(name: string, configMaps: readonly object[]): string {
  const folder = join(workFolder, name);
  mkdirSync(folder);
  for (let start = 0; start === 0 || start < configMaps.length; start += PAGE) {
    const end = start + PAGE;
    const metadata = { resourceVersion: '1', ...(end < configMaps.length && { continue: String(end) }) };
    const page = { kind: 'ConfigMapList', apiVersion: 'v1', metadata, items: configMaps.slice(start, end) };
    writeFileSync(join(folder, `page-${String(start)}`), JSON.stringify(page));
  }
  const program = join(folder, 'kubectl');
  writeFileSync(program, PRINT_PAGE, { mode: 0o755 });
  return program;
}

/** For Node.js: parses each page that it is given, and each document in it. */
const PARSE = `
for (const file of process.argv.slice(1))
  for (const { data } of JSON.parse(require('node:fs').readFileSync(file, 'utf8')).items) JSON.parse(data.status);
`;

interface Cost {
  /** Milliseconds. */
  cpu: number;
  /** MiB. */
  memory: number;
}

if (nativeArch === undefined) throw new Error('the executables run on Linux, x64 or arm64');
const programs = [join(distDir, `${programName}-linux-${nativeArch}`), ...others];
const workFolder = mkdtempSync(join(tmpdir(), 'postgres-status-fleet-'));
const samples = new Map<string, Cost[]>();

async function measure(name: string, command: readonly string[]): Promise<void> {
  const { cpu } = await timesOf(notingPeak(command));
  samples.set(name, [...(samples.get(name) ?? []), { cpu, memory: peakOfLast() }]);
}

function typical(name: string): Cost {
  // the first run only warms the page cache
  const costs = (samples.get(name) ?? []).slice(1);
  return { cpu: median(costs.map(({ cpu }) => cpu)), memory: median(costs.map(({ memory }) => memory)) };
}

try {
  const kinds = kindsOfSize(Number(kib) * 1024);
  const configMaps = Array.from({ length: Number(documents) }, (_, number) => configMap(number, kinds));
  const [kubectl, nothing] = [standInKubectl('fleet', configMaps), standInKubectl('nothing', [])];
  const starts = Array.from({ length: Math.ceil(configMaps.length / PAGE) }, (_, page) => String(page * PAGE));
  const pages = starts.map((start) => join(dirname(kubectl), `page-${start}`));
  const getAll = starts.map((start) => `"${kubectl}" get "--raw=/?continue=${start}"`).join('; ');
  const reading = (program: string, list: string, format: string) => [
    program,
    '--from',
    'configmaps',
    '-A',
    '--kubectl',
    list,
    '--now',
    new Date(NOW).toISOString(),
    '--format',
    format,
  ];
  for (let run = -1; run < Number(runs); run++) {
    await measure('kubectl', ['sh', '-c', getAll]);
    await measure('node', [process.execPath, '-e', PARSE]);
    await measure('parsing', [process.execPath, '-e', PARSE, ...pages]);
    for (const program of programs)
      for (const format of formats) {
        await measure(`start ${format} ${program}`, reading(program, nothing, format));
        await measure(`${format} ${program}`, reading(program, kubectl, format));
      }
  }
  const theirs = typical('kubectl').cpu;
  const parsing = typical('parsing').cpu - typical('node').cpu;
  console.log(
    `${documents} documents of ${kib} KiB, medians of ${runs} runs; JSON.parse alone: ${parsing.toFixed(0)} ms of CPU`,
  );
  console.log('own CPU ms  ÷ parsing  start ms  peak MiB');
  for (const program of programs)
    for (const format of formats) {
      const [whole, start] = [typical(`${format} ${program}`), typical(`start ${format} ${program}`)];
      const own = whole.cpu - theirs - start.cpu;
      const numbers = [own.toFixed(0), (own / parsing).toFixed(1), start.cpu.toFixed(0), whole.memory.toFixed(0)];
      console.log(`${numbers.map((number) => number.padStart(10)).join('')}  ${format.padEnd(12)}${program}`);
    }
} finally {
  rmSync(workFolder, { recursive: true });
}
