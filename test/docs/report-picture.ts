import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { healthyStorage, patroniReplies } from '../../examples/demo/recordings.ts';
import { formatReport } from '../stand-ins/formats.ts';
import { judge } from '../../src/health/index.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import { withWal } from '../../src/wal/read.ts';
import { collectFrom } from '../stand-ins/collect.ts';
import { startPatroni } from '../stand-ins/patroni.ts';
import { terminalPicture } from './terminal-svg.ts';

/** A fixed time, so that the picture can be compared with the committed one. */
const NOW = Date.parse('2026-11-21T11:02:36Z');

/** The report of the demo as an SVG picture: the real collectors on recorded replies, the real checks, the real format. */
export async function reportPicture(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-status-picture-'));
  const patroni = await startPatroni(patroniReplies('node1', NOW));
  try {
    const collected = await collectFrom({
      patroniUrl: patroni.url,
      recording: healthyStorage(folder, NOW),
      at: NOW,
    });
    // durations differ from run to run
    for (const run of Object.values(collected.collectors ?? {})) if (run !== null) run.duration_ms = 40;
    const document = withWal(collected);
    const health = judge(document, defaultThresholds, NOW);
    const cluster = { name: 'demo', origin: { host: 'db1' }, document: { ...document, health }, error: null };
    const report = formatReport([cluster], { columns: 80, colour: true, now: NOW });
    return terminalPicture(`$ postgres-status --format report\n${report}`, 'A report of postgres-status');
  } finally {
    await patroni.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
