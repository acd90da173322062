import { execute } from '../../src/collectors/execute.ts';
import { patroni } from '../../src/collectors/patroni.ts';
import { patroniClient, type Patroni } from '../../src/patroni/client.ts';
import type { Tls } from '../../src/patroni/tls.ts';
import type { Deadline } from '../../src/system/deadline.ts';

const SILENT = { failure: () => undefined, note: () => undefined, detail: () => undefined };
const COLLECTED_AT = 1_795_209_000;

export interface Asking {
  /** Milliseconds for all of it. */
  within?: number;
  tls?: Tls;
  /** What to put in the place of some of the client's questions. */
  replace?: Partial<Patroni>;
}

/** Runs the patroni collector, and gives its keys of the document and its entry under `collectors`. */
export async function collectPatroni(url: string | readonly string[], asking: Asking = {}) {
  const { within = 60_000, tls = { insecure: false }, replace } = asking;
  const urls = [url].flat().map((each) => new URL(each));
  const deadline = startingNow(within);
  const client = patroniClient({ urls, tls }, deadline, new AbortController().signal, SILENT);
  const sources = { patroni: { ...client, ...replace }, walg: undefined as never };
  const { part, run } = await execute(patroni, sources, deadline, (text) => text, COLLECTED_AT);
  return { ...part, collectors: { patroni: run } };
}

/** Only the entry under `collectors`, without how long it took. */
export async function collectorRun(url: string | readonly string[], asking?: Asking) {
  const { collectors } = await collectPatroni(url, asking);
  const { duration_ms: _, ...run } = collectors.patroni;
  return run;
}

function startingNow(milliseconds: number): Deadline {
  const end = performance.now() + milliseconds;
  return { remaining: () => Math.max(0, end - performance.now()) };
}
