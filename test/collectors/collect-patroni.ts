import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { execute } from '../../src/collectors/execute.ts';
import { patroni } from '../../src/collectors/patroni.ts';
import { patroniClient, type Patroni } from '../../src/patroni/client.ts';
import type { Tls } from '../../src/patroni/tls.ts';
import { divideBudget } from '../../src/system/deadline.ts';
import { SILENT } from '../stand-ins/collect.ts';
import { httpReply, recorded, startPatroni } from '../stand-ins/patroni.ts';

const COLLECTED_AT = 1_795_209_000;

export interface Asking {
  /** As --timeout, in milliseconds. */
  timeout?: number;
  tls?: Tls;
  /** `never` by default, because nothing listens at the recorded api_url of the leader. */
  leaderApi?: 'auto' | 'never';
  /** Replacements for methods of the client. */
  replace?: Partial<Patroni>;
}

/** Runs the patroni collector, and returns its keys of the document and its entry under `collectors`. */
export async function collectPatroni(url: string | readonly string[], asking: Asking = {}) {
  const { timeout = 60_000, tls = { insecure: false }, leaderApi = 'never', replace } = asking;
  const urls = [url].flat().map((each) => new URL(each));
  const started = performance.now();
  const budget = divideBudget(timeout, new AbortController().signal, () => performance.now() - started);
  const client = patroniClient({ urls, tls, leaderApi }, budget.collect, SILENT);
  const sources = { patroni: { ...client, ...replace }, walg: undefined as never };
  const { part, run } = await execute(patroni, sources, budget.collected, (text) => text, COLLECTED_AT);
  return { ...part, collectors: { patroni: run } };
}

/** Only the entry under `collectors`, without the duration. */
export async function collectorRun(url: string | readonly string[], asking?: Asking) {
  const { collectors } = await collectPatroni(url, asking);
  const { duration_ms: _, ...run } = collectors.patroni;
  return run;
}

const healthy = recorded(join(import.meta.dirname, '../fixtures/patroni/v4.1.4'), 's1_healthy', 'node1');

/** The document if these endpoints reply with this JSON (text, so that no digit is lost), and the others like a healthy leader. */
export async function documentOf(replies: Partial<Record<'patroni' | 'config' | 'cluster' | 'history', string>>) {
  const patroni = await startPatroni((path) => {
    const reply = replies[path.slice(1) as keyof typeof replies];
    return reply === undefined ? healthy(path) : httpReply(200, reply);
  });
  onTestFinished(patroni.close);
  const { collectors, ...part } = await collectPatroni(patroni.url);
  expect(collectors.patroni.error).toBeNull();
  return part;
}
