import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { usableApiUrl } from '../../src/patroni/leader-api.ts';
import { collectPatroni } from '../collectors/collect-patroni.ts';
import { HANG, httpReply, startPatroni, type Reply, type StandInPatroni } from '../stand-ins/patroni.ts';

/** If a replica was asked, the leader's own /patroni is requested too, and its reply is used if it comes from the leader. */
const SYSTEM = '7507672962298572862';
const LEADER = {
  state: 'running',
  role: 'primary',
  timeline: 3,
  xlog: { location: 8_992_587_776 },
  database_system_identifier: SYSTEM,
  patroni: { version: '4.1.4', scope: 'main', name: 'pg1' },
};
const REPLICA = {
  ...LEADER,
  role: 'replica',
  replication_state: 'streaming',
  xlog: { received_location: 8_992_587_000, replayed_location: 8_992_586_000, replayed_timestamp: null, paused: true },
  patroni: { ...LEADER.patroni, name: 'pg2' },
};
const json = (value: unknown) => httpReply(200, JSON.stringify(value));

async function start(reply: (path: string) => Reply): Promise<StandInPatroni> {
  const patroni = await startPatroni(reply);
  onTestFinished(patroni.close);
  return patroni;
}

/** A replica with this api_url for the leader, pg1, in its /cluster. */
function replica(api: string | null, own: object = REPLICA): Promise<StandInPatroni> {
  const members = [
    { name: 'pg1', role: 'leader', state: 'running', timeline: 3, api_url: api },
    { name: 'pg2', role: 'replica', state: 'streaming', timeline: 3, lag: 0 },
  ];
  return start((path) => json({ '/patroni': own, '/cluster': { members, scope: 'main' }, '/history': [] }[path] ?? {}));
}

async function askThrough(leader: StandInPatroni | string, own?: object) {
  const asked = await replica(typeof leader === 'string' ? leader : `${leader.url}/patroni`, own);
  const {
    leader: answer,
    leader_api,
    collectors,
  } = await collectPatroni(asked.url, { leaderApi: 'auto', timeout: 5_000 });
  const error = leader_api?.error
    ?.replace(/http:\/\/127\.0\.0\.1:\d+/g, 'URL')
    .replace(/within [\d.]+ s/g, 'within N s');
  return { leader: answer, outcome: leader_api?.outcome, error, ok: collectors.patroni.ok, asked: asked.asked };
}

test('the leader answers', async () => {
  const leader = await start(() => json(LEADER));
  const { leader: answer, ...rest } = await askThrough(leader);
  expect(rest).toEqual({
    outcome: 'answered',
    error: undefined,
    ok: true,
    asked: ['/patroni', '/config', '/cluster', '/history'],
  });
  expect(answer).toMatchObject({ name: 'pg1', role: 'primary', lsn: '2/18000000', timeline: 3 });
  expect(leader.asked).toEqual(['/patroni']);
});

describe('the reply is ignored, or there is none; the collector does not fail', () => {
  test.for<[what: string, reply: Reply, outcome: string, error: string]>([
    [
      'another scope',
      json({ ...LEADER, patroni: { ...LEADER.patroni, scope: 'other' } }),
      'foreign',
      'URL/patroni: something else answers there: its scope is other, not main',
    ],
    [
      'another system identifier',
      json({ ...LEADER, database_system_identifier: '1' }),
      'foreign',
      `URL/patroni: something else answers there: its system identifier is 1, not ${SYSTEM}`,
    ],
    [
      'another name',
      json({ ...LEADER, patroni: { ...LEADER.patroni, name: 'pg3' } }),
      'foreign',
      'URL/patroni: something else answers there: its name is pg3, not pg1',
    ],
    [
      'no name, though its version has one',
      json({ ...LEADER, patroni: { version: '3.2.0', scope: 'main' } }),
      'foreign',
      'URL/patroni: something else answers there: it does not say its name',
    ],
    [
      'no system identifier',
      json({ ...LEADER, database_system_identifier: undefined }),
      'foreign',
      'URL/patroni: something else answers there: it does not say its system identifier',
    ],
    ['a redirection', 'HTTP/1.0 302 X\r\nLocation: /elsewhere\r\n\r\n', 'foreign', 'URL/patroni: HTTP 302'],
    ['no JSON', httpReply(200, '<html>'), 'foreign', 'URL/patroni: the reply is not JSON (HTTP 200, 6 characters)'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'foreign', 'URL/patroni: the reply is not HTTP (HPE_INVALID_CONSTANT)'],
    ['closed', '', 'closed', 'URL/patroni: the connection was closed without an answer'],
    [
      'accepted, and never answered',
      HANG,
      'timed_out',
      'URL did not answer /patroni within N s: either its PostgreSQL hangs, or Patroni itself hangs',
    ],
  ])('%s', async ([, reply, outcome, error]) => {
    const leader = await start(() => reply);
    expect(await askThrough(leader)).toMatchObject({ leader: null, outcome, error, ok: true });
    expect(leader.asked).toEqual(['/patroni']);
  });

  test('refused', async () => {
    expect(await askThrough(`http://127.0.0.1:${String(await freePort())}/patroni`)).toMatchObject({
      leader: null,
      outcome: 'refused',
      error: 'URL/patroni: connection refused',
      ok: true,
    });
  });

  test('a host name that cannot be resolved', async () => {
    expect(await askThrough('http://patroni.invalid:8008/patroni')).toMatchObject({
      leader: null,
      outcome: 'unreachable',
      ok: true,
    });
  });
});

test('before 3.2 a leader does not report its name', async () => {
  const leader = await start(() => json({ ...LEADER, patroni: { version: '3.0.4', scope: 'main' } }));
  expect(await askThrough(leader)).toMatchObject({ outcome: 'answered', leader: { name: 'pg1' } });
});

test('a replica without a system identifier identifies the leader by scope and name', async () => {
  const leader = await start(() => json(LEADER));
  expect(await askThrough(leader, { ...REPLICA, database_system_identifier: undefined })).toMatchObject({
    outcome: 'answered',
  });
});

test('if the leader itself was asked, there is no further request, even while its role is replica', async () => {
  const leader = await start(() => json(LEADER));
  const own = { ...REPLICA, patroni: { ...REPLICA.patroni, name: 'pg1' } };
  expect(await askThrough(leader, own)).toMatchObject({ leader: null, outcome: undefined });
  expect(leader.asked).toEqual([]);
});

test('--leader-api never', async () => {
  const leader = await start(() => json(LEADER));
  const asked = await replica(`${leader.url}/patroni`);
  const { leader: answer, leader_api } = await collectPatroni(asked.url);
  expect({ answer, leader_api }).toEqual({
    answer: null,
    leader_api: { member: 'pg1', outcome: 'not_asked', error: '--leader-api is never' },
  });
  expect(leader.asked).toEqual([]);
});

describe('the api_url values that are used', () => {
  const LOCAL = 'http://localhost:8008';
  const REMOTE = 'http://10.0.0.2:8008';
  test.for<[api: string | null, asked: string, used: string | RegExp]>([
    ['http://10.0.0.1:8008/patroni', REMOTE, 'http://10.0.0.1:8008/patroni'],
    ['https://10.0.0.1:8008/patroni', REMOTE, 'https://10.0.0.1:8008/patroni'],
    ['http://pg1:8008/node1/patroni?x=1', REMOTE, 'http://pg1:8008/node1/patroni?x=1'],
    ['http://127.0.0.1:8009/patroni', LOCAL, 'http://127.0.0.1:8009/patroni'],
    ['http://[::1]:8009/patroni', 'http://127.0.11.2:8008', 'http://[::1]:8009/patroni'],
    ['http://127.0.0.1:8009/patroni', REMOTE, /is a loopback address, but 10\.0\.0\.2:8008 was asked$/],
    ['http://127.1:8009/patroni', REMOTE, /is a loopback address/],
    ['http://localhost:8009/patroni', REMOTE, /is a loopback address/],
    ['http://[::ffff:127.0.0.1]:8009/patroni', REMOTE, /is a loopback address/],
    ['http://0.0.0.0:8008/patroni', LOCAL, /has no host$/],
    ['http://[::]:8008/patroni', LOCAL, /has no host$/],
    ['http://10.0.0.1:8008/patroni', 'https://10.0.0.2:8008', /is http, but 10\.0\.0\.2:8008 was asked by https$/],
    ['http://:8008/patroni', LOCAL, /^its api_url in \/cluster is not a URL with a host name$/],
    ['10.0.0.1:8008/patroni', LOCAL, /^its api_url in \/cluster is not/],
    ['file:///etc/passwd', LOCAL, /^its api_url in \/cluster is neither http nor https$/],
    ['http://user:secret@10.0.0.1/patroni', LOCAL, /^its api_url in \/cluster contains a user name or password$/],
    ['', LOCAL, /^\/cluster does not give its api_url$/],
    [null, LOCAL, /^\/cluster does not give its api_url$/],
  ])('%s where %s was asked', ([api, asked, used]) => {
    const url = usableApiUrl(api, new URL(asked));
    expect(typeof url === 'string' ? url : url.href)[typeof used === 'string' ? 'toBe' : 'toMatch'](used as string);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
