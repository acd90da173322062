import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { expect, onTestFinished } from 'vitest';
import { collectPatroni } from '../collectors/collect-patroni.ts';
import { needs } from '../stand-ins/needs.ts';
import { httpReply, startPatroni } from '../stand-ins/patroni.ts';
import { certificateFolder, readClient, type Client } from './certificates.ts';

/** The request to the leader uses the TLS settings of the node that was asked, and never weaker ones. */
const test = needs('openssl');
const folder = certificateFolder();

const OWN = { state: 'running', timeline: 3, database_system_identifier: '7507672962298572862' };
const LEADER = {
  ...OWN,
  role: 'primary',
  xlog: { location: 8_992_587_776 },
  patroni: { version: '4.1.4', scope: 'main', name: 'pg1' },
};
const REPLICA = {
  ...OWN,
  role: 'replica',
  replication_state: 'streaming',
  xlog: { received_location: 8_992_587_000, replayed_location: 8_992_587_000, replayed_timestamp: null, paused: false },
  patroni: { version: '4.1.4', scope: 'main', name: 'pg2' },
};

type Server = 'plain' | 'server' | 'elsewhere' | 'wants a client certificate';

function options(server: Server): TlsOptions | undefined {
  if (server === 'plain') return undefined;
  const name = server === 'elsewhere' ? 'elsewhere' : 'server';
  const [cert, key, ca] = [`${name}.crt`, `${name}.key`, 'ca.crt'].map((file) => readFileSync(join(folder, file)));
  const wants = server === 'wants a client certificate';
  return { cert, key, ...(wants && { ca, requestCert: true, rejectUnauthorized: true }) };
}

async function start(server: Server, reply: (path: string) => object) {
  const patroni = await startPatroni((path) => httpReply(200, JSON.stringify(reply(path))), options(server));
  onTestFinished(patroni.close);
  return patroni;
}

const TRUSTS = { ca: 'ca.crt' };
const CLIENT = { ...TRUSTS, cert: 'client.crt', key: 'client.key' };

test.for<[what: string, asked: Server, leader: Server, client: Client, outcome: string, error?: string]>([
  ['both have certificates of the CA that is given', 'server', 'server', TRUSTS, 'answered'],
  ['the node that was asked speaks http, and the leader https', 'plain', 'server', TRUSTS, 'answered'],
  [
    'both require the client certificate',
    'wants a client certificate',
    'wants a client certificate',
    CLIENT,
    'answered',
  ],
  ['nothing is verified, with --patroni-insecure', 'server', 'elsewhere', { insecure: true }, 'answered'],
  [
    'the leader has the certificate of another host',
    'server',
    'elsewhere',
    TRUSTS,
    'unreachable',
    'URL/patroni: the certificate is not valid for 127.0.0.1',
  ],
  [
    'the CA of the leader is not given',
    'plain',
    'server',
    {},
    'unreachable',
    'URL/patroni: the certificate is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
  ],
  [
    'only the leader requires a client certificate',
    'server',
    'wants a client certificate',
    TRUSTS,
    'unreachable',
    'URL/patroni: a client certificate is required (tlsv13 alert certificate required)',
  ],
  [
    'the node that was asked speaks https, and the leader http',
    'server',
    'plain',
    TRUSTS,
    'not_asked',
    'its api_url in /cluster, URL/patroni, is http, but HOST was asked by https',
  ],
])('%s', async ([, asked, leads, client, outcome, error]) => {
  const leader = await start(leads, () => LEADER);
  const members = [
    { name: 'pg1', role: 'leader', state: 'running', timeline: 3, api_url: `${leader.url}/patroni` },
    { name: 'pg2', role: 'replica', state: 'streaming', timeline: 3, lag: 0 },
  ];
  const replica = await start(
    asked,
    (path) => ({ '/patroni': REPLICA, '/cluster': { members, scope: 'main' }, '/history': [] })[path] ?? {},
  );
  const document = await collectPatroni(replica.url, {
    leaderApi: 'auto',
    timeout: 10_000,
    tls: readClient(folder, client),
  });
  expect({
    outcome: document.leader_api?.outcome,
    error:
      document.leader_api?.error?.replaceAll(leader.url, 'URL').replaceAll(new URL(replica.url).host, 'HOST') ??
      undefined,
    lsn: document.leader?.lsn,
    ok: document.collectors.patroni.ok,
    asked: leader.asked,
  }).toEqual({
    outcome,
    error,
    lsn: outcome === 'answered' ? '2/18000000' : undefined,
    ok: true,
    asked: outcome === 'answered' ? ['/patroni'] : [],
  });
});
