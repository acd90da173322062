import { writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { sendJson, serve } from './api-server.ts';

/** A ConfigMap of a stand-in API server; `status` is its `data.status`, undefined = it has no data. */
export interface StandInConfigMap {
  namespace: string;
  name: string;
  status?: string | undefined;
  labels?: Record<string, string>;
}

export interface StandInFleet {
  url: string;
  /** The paths and queries of the requests so far. */
  requests: string[];
}

interface Circumstances {
  /** Names of namespaces, and whether they have Zabbix's label. */
  namespaces?: Record<string, boolean>;
  configMaps: readonly StandInConfigMap[];
  /** Paths that are forbidden. */
  forbidden?: readonly RegExp[];
  /** The first continue token is answered as expired, once. */
  expires?: boolean;
  /** No request is answered. */
  hangs?: boolean;
  /** Lists come in ten pieces, one every so many milliseconds; with `stalls`, only the first five of them. */
  trickles?: { every: number; stalls?: boolean };
  /** The last page of a list with a selector is empty (src/kubectl/README.md). */
  emptyLastPage?: 'null' | '[]';
}

const ZABBIX = 'ossobv/zabbix-agent-osso.k8s-patroni=true';

/** A stand-in API server that lists namespaces and ConfigMaps in pages, as a real one does; it is closed at the end of the test. */
export async function startFleet({
  namespaces = {},
  configMaps,
  forbidden = [],
  expires = false,
  hangs = false,
  trickles,
  emptyLastPage,
}: Circumstances): Promise<StandInFleet> {
  const requests: string[] = [];
  let hasExpired = !expires;
  const { url, close } = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    // kubectl adds its time limit and sorts; Google's dispatcher asks for the version first
    searchParams.delete('timeout');
    searchParams.sort();
    const query = decodeURIComponent(searchParams.toString());
    if (pathname !== '/version') requests.push(`${pathname}${query === '' ? '' : `?${query}`}`);
    if (hangs) return;
    if (forbidden.some((path) => path.test(pathname))) {
      fail(response, 403, 'Forbidden', `${pathname} is forbidden: User "someone" cannot list resource`);
      return;
    }
    const [, namespace, name] = /^\/api\/v1(?:\/namespaces\/([^/]+))?\/configmaps(?:\/([^/]+))?$/.exec(pathname) ?? [];
    if (name !== undefined) {
      const found = configMaps.find((each) => each.namespace === namespace && each.name === name);
      if (found === undefined) fail(response, 404, 'NotFound', `configmaps "${name}" not found`);
      else sendJson(response, 200, object(found));
      return;
    }
    const selector = searchParams.get('labelSelector');
    const all =
      pathname === '/api/v1/namespaces'
        ? Object.entries(namespaces).flatMap(([each, isLabelled]) =>
            isLabelled || selector !== ZABBIX ? [{ metadata: { name: each } }] : [],
          )
        : configMaps
            .filter((each) => namespace === undefined || each.namespace === namespace)
            .filter(({ labels = {} }) =>
              (selector ?? '')
                .split(',')
                .every((part) => part === '' || labels[part.split('=')[0] ?? ''] === part.split('=')[1]),
            )
            .map(object);
    const start = Number(searchParams.get('continue') ?? 0);
    if (start > 0 && !hasExpired) {
      hasExpired = true;
      fail(response, 410, 'Expired', 'The provided continue parameter is too old');
      return;
    }
    const end = start + Number(searchParams.get('limit') ?? Infinity);
    const items = all.slice(start, end);
    const isLast = end >= all.length && (emptyLastPage === undefined || selector === null || items.length === 0);
    const list = {
      kind: 'List',
      metadata: isLast ? {} : { continue: String(end) },
      items: items.length === 0 && emptyLastPage === 'null' ? null : items,
    };
    if (trickles === undefined || pathname === '/version') sendJson(response, 200, list);
    else void trickle(response, JSON.stringify(list), trickles);
  });
  onTestFinished(close);
  return { url, requests };
}

function object({ namespace, name, status, labels }: StandInConfigMap): object {
  return {
    metadata: { namespace, name, ...(labels && { labels }) },
    ...(status !== undefined && { data: { status } }),
  };
}

function fail(response: ServerResponse, code: number, reason: string, message: string): void {
  sendJson(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code });
}

async function trickle(
  response: ServerResponse,
  body: string,
  { every, stalls = false }: { every: number; stalls?: boolean },
) {
  response.writeHead(200, { 'content-type': 'application/json' });
  const size = Math.ceil(body.length / 10);
  for (let piece = 0; piece < (stalls ? 5 : 10); piece++) {
    response.write(body.slice(piece * size, (piece + 1) * size));
    await sleep(every);
  }
  if (!stalls) response.end();
}

/** Writes a kubeconfig with a context for each of these servers; the first one is the current one. */
export function writeKubeconfig(
  folder: string,
  servers: Readonly<Record<string, { url: string; namespace?: string }>>,
): string {
  const path = join(folder, 'kubeconfig');
  const names = Object.keys(servers);
  const entries = Object.entries(servers);
  writeFileSync(
    path,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': names[0],
      clusters: entries.map(([name, { url }]) => ({ name, cluster: { server: url } })),
      users: names.map((name) => ({ name, user: { token: 'stand-in' } })),
      contexts: entries.map(([name, { namespace }]) => ({
        name,
        context: { cluster: name, user: name, ...(namespace !== undefined && { namespace }) },
      })),
    }),
  );
  return path;
}
