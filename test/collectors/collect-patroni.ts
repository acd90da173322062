import { execute } from '../../src/collectors/execute.ts';
import { patroni } from '../../src/collectors/patroni.ts';
import { patroniClient, type Patroni } from '../../src/patroni/client.ts';
import type { Tls } from '../../src/patroni/tls.ts';
import { divideBudget } from '../../src/system/deadline.ts';

const SILENT = { failure: () => undefined, note: () => undefined, detail: () => undefined };
const COLLECTED_AT = 1_795_209_000;

export interface Asking {
  /** As --timeout, in milliseconds. */
  timeout?: number;
  tls?: Tls;
  /** What to put in the place of some of the client's questions. */
  replace?: Partial<Patroni>;
}

/** Runs the patroni collector, and gives its keys of the document and its entry under `collectors`. */
export async function collectPatroni(url: string | readonly string[], asking: Asking = {}) {
  const { timeout = 60_000, tls = { insecure: false }, replace } = asking;
  const urls = [url].flat().map((each) => new URL(each));
  const started = performance.now();
  const budget = divideBudget(timeout, () => performance.now() - started);
  const client = patroniClient({ urls, tls }, budget.collect, new AbortController().signal, SILENT);
  const sources = { patroni: { ...client, ...replace }, walg: undefined as never };
  const { part, run } = await execute(patroni, sources, budget.collected, (text) => text, COLLECTED_AT);
  return { ...part, collectors: { patroni: run } };
}

/** Only the entry under `collectors`, without how long it took. */
export async function collectorRun(url: string | readonly string[], asking?: Asking) {
  const { collectors } = await collectPatroni(url, asking);
  const { duration_ms: _, ...run } = collectors.patroni;
  return run;
}
