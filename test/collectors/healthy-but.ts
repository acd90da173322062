import { join } from 'node:path';
import { recorded, startPatroni, type Reply } from '../stand-ins/patroni.ts';
import { collectPatroni, type Asking } from './collect-patroni.ts';

/** A healthy Patroni 4.1.4 with a history, recorded: some of its replies are replaced. */
export const healthy = recorded(join(import.meta.dirname, '../fixtures/patroni/v4.1.4'), 's10_after_failover', 'node2');

type Document = Awaited<ReturnType<typeof collectPatroni>>;
/** The values in the document if the reply of an endpoint is missing. */
const WITHOUT = {
  // without /patroni the node's own role is not known
  '/patroni': {
    node: null,
    leader_api: { member: 'node2', outcome: 'not_asked', error: '--leader-api is never' },
  },
  '/config': { patroni_archive_enabled: null, patroni_archive_command_set: null, patroni_config: null },
  '/cluster': { cluster_status: { members: [] }, leader_api: null },
  '/history': { failovers: null },
};
export type Path = keyof typeof WITHOUT;

/** The document of these replies, without the values that differ from run to run. */
export async function ask(reply: (path: string) => Reply, asking?: Asking): Promise<Document> {
  const patroni = await startPatroni(reply);
  try {
    const document = await collectPatroni(patroni.url, asking);
    const run = document.collectors.patroni;
    const error = run.error?.replaceAll(patroni.url, 'URL').replace(/within [\d.]+ s/g, 'within N s') ?? null;
    return { ...document, collectors: { patroni: { ...run, duration_ms: 0, error } } };
  } finally {
    await patroni.close();
  }
}

/**
 * The healthy document without the replies of these endpoints, and with the error. `silent`: the server sent nothing at all, which
 * is evidence of an unreachable DCS in the case of /cluster.
 */
export async function healthyBut(missing: readonly Path[], error: string, silent: boolean): Promise<Document> {
  const healthyDocument = await ask(healthy);
  const { node } = healthyDocument;
  const unanswered = silent && missing.includes('/cluster') && node !== null && node !== undefined;
  const document = unanswered ? { ...healthyDocument, node: { ...node, cluster_unanswered: true } } : healthyDocument;
  const run = { ...document.collectors.patroni, ok: false, partial: true, error };
  return Object.assign({}, document, ...missing.map((path) => WITHOUT[path]), {
    collectors: { patroni: run },
  }) as Document;
}
