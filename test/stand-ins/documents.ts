import { fileURLToPath } from 'node:url';
import { collectorNames, type CollectorName } from '../../src/collectors/index.ts';
import type { Health, StatusDocument } from '../../src/document/schema.ts';
import { collectFrom } from './collect.ts';
import { recorded, startPatroni } from './patroni.ts';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));

export interface Situation {
  /** `<version>/<scenario>.<node>` of test/fixtures/patroni; undefined = connection refused. */
  patroni?: string;
  /** `<version>/<situation>` of test/fixtures/walg; undefined = there is no wal-g. */
  walg?: string;
  /** A collector that does not run. */
  skip?: CollectorName;
  /** The time of collecting. */
  at: string;
}

/** The document that the real collectors make from recorded replies, with fixed durations, because they vary. */
export async function collect({ patroni, walg: situation, skip, at }: Situation): Promise<StatusDocument> {
  const [, version = '', scenario = '', node = ''] = /^(.+)\/(.+)\.(.+)$/.exec(patroni ?? '') ?? [];
  const server =
    patroni === undefined ? undefined : await startPatroni(recorded(`${fixtures}/patroni/${version}`, scenario, node));
  try {
    const document = await collectFrom({
      patroniUrl: server?.url ?? 'http://127.0.0.1:1',
      recording: situation === undefined ? undefined : `${fixtures}/walg/${situation}`,
      environment: { WALG_PG_WAL_SIZE: '16' },
      names: collectorNames.filter((name) => name !== skip),
      at: Date.parse(at),
    });
    return withTimes(document);
  } finally {
    await server?.close();
  }
}

function withTimes(document: StatusDocument): StatusDocument {
  const { patroni, walg_backups: backups, walg_verify: verify } = document.collectors ?? {};
  const took = <Run>(run: Run | null | undefined, duration_ms: number) => (run ? { ...run, duration_ms } : null);
  return {
    ...document,
    generator: { name: 'postgres-status', version: '1.0.0' },
    collectors: { patroni: took(patroni, 41), walg_backups: took(backups, 873), walg_verify: took(verify, 12_340) },
  };
}

/** A verdict written by hand: `status name: message` for each check. */
export function judged(document: StatusDocument, checks: Health['checks']): StatusDocument {
  const worst = (['critical', 'unknown', 'warning'] as const).find((status) =>
    checks.some((check) => check.status === status),
  );
  return { ...document, health: { status: worst ?? 'ok', checks } };
}
