import { describe, expect, onTestFinished, test } from 'vitest';
import { collectPatroni } from '../collectors/collect-patroni.ts';
import { held, httpReply, startPatroni, type Reply, type StandInPatroni } from '../stand-ins/patroni.ts';

/** Several --patroni-url: which member's view is used, which member gets the other requests, and what is reported about the others. */
const MEMBERS = ['pg1', 'pg2', 'pg3'].map((name) => ({
  name,
  role: name === 'pg1' ? 'leader' : 'replica',
  state: name === 'pg1' ? 'running' : 'streaming',
  timeline: 3,
}));
const json = (value: unknown) => httpReply(200, JSON.stringify(value));

interface Says {
  name: string;
  role?: string;
  timeline?: number;
  seen?: number;
  scope?: string;
  /** Its reply, instead of the recorded one. */
  instead?: Record<string, Reply>;
}

async function member({
  name,
  role = 'replica',
  timeline = 3,
  seen,
  scope = 'main',
  instead = {},
}: Says): Promise<StandInPatroni> {
  const own = { state: 'running', role, timeline, dcs_last_seen: seen, patroni: { version: '4.1.4', scope, name } };
  const patroni = await startPatroni(
    (path) =>
      instead[path] ??
      json({ '/patroni': own, '/cluster': { members: MEMBERS, scope }, '/history': [] }[path] ?? { ttl: 30 }),
  );
  onTestFinished(patroni.close);
  return patroni;
}

const NO_DCS = { '/config': held(50), '/cluster': held(50), '/history': held(50) };
const ALL = ['/patroni', '/config', '/cluster', '/history'];

async function collect(...says: Says[]) {
  const members = await Promise.all(says.map(member));
  const document = await collectPatroni(members.map(({ url }) => url));
  return { document, members, asked: members.map(({ asked }) => asked) };
}

describe('the best view', () => {
  test.for<[what: string, says: Says[], view: string]>([
    [
      "the lock holder's, even if others have newer information",
      [
        { name: 'pg2', seen: 900 },
        { name: 'pg1', seen: 890 },
      ],
      'pg1',
    ],
    [
      'the lock holder has the role replica, and another member that of a leader',
      [
        { name: 'pg2', role: 'primary', seen: 900 },
        { name: 'pg1', seen: 890 },
      ],
      'pg1',
    ],
    [
      'then the one with the newest information',
      [
        { name: 'pg2', seen: 700 },
        { name: 'pg3', seen: 900 },
      ],
      'pg3',
    ],
    [
      'then the higher timeline',
      [
        { name: 'pg2', seen: 900, timeline: 2 },
        { name: 'pg3', seen: 900 },
      ],
      'pg3',
    ],
    [
      'then the first',
      [
        { name: 'pg3', seen: 900 },
        { name: 'pg2', seen: 900 },
      ],
      'pg3',
    ],
  ])('%s', async ([, says, view]) => {
    const { document } = await collect(...says);
    expect(document.node?.name).toBe(view);
    expect(document.other_nodes?.map(({ name }) => name)).toEqual(
      says.map(({ name }) => name).filter((name) => name !== view),
    );
  });

  test('without /cluster the one that calls itself leader', async () => {
    const { document } = await collect(
      { name: 'pg2', seen: 900, instead: NO_DCS },
      { name: 'pg1', role: 'primary', seen: 890, instead: NO_DCS },
    );
    expect(document.node).toMatchObject({ name: 'pg1', cluster_unanswered: true });
  });
});

describe('the other endpoints are requested from one member', () => {
  test('the one with the newest information', async () => {
    const { asked } = await collect({ name: 'pg2', seen: 700 }, { name: 'pg1', role: 'primary', seen: 900 });
    expect(asked).toEqual([['/patroni'], ALL]);
  });

  test('from a second member only if the first did not answer, and all later ones', async () => {
    const { document, asked } = await collect(
      { name: 'pg2', seen: 900, instead: { '/cluster': held(50) } },
      { name: 'pg1', role: 'primary', seen: 890 },
    );
    expect(asked).toEqual([
      ['/patroni', '/config', '/cluster'],
      ['/patroni', '/cluster', '/history'],
    ]);
    expect(document.collectors.patroni).toMatchObject({ ok: true, error: null });
    expect(document.cluster_status.members).toHaveLength(3);
  });

  test('the DCS is down for both: no further request is sent', async () => {
    const { document, members, asked } = await collect(
      { name: 'pg1', role: 'primary', seen: 900, instead: NO_DCS },
      { name: 'pg2', seen: 890, instead: NO_DCS },
    );
    expect(asked).toEqual([
      ['/patroni', '/config'],
      ['/patroni', '/config'],
    ]);
    const closed = (url = '') =>
      `${url}/config: the connection was closed without an answer: Patroni cannot reach its DCS (see its log)`;
    expect(document.collectors.patroni.error).toBe(members.map(({ url }) => closed(url)).join('; '));
    expect(document.node).toMatchObject({ name: 'pg1', cluster_unanswered: true });
  });
});

test('a member that cannot reach its DCS is reported, and has no influence', async () => {
  const { document, asked } = await collect(
    { name: 'pg3', seen: 700, instead: NO_DCS },
    { name: 'pg1', role: 'primary', seen: 900 },
  );
  expect(asked).toEqual([['/patroni'], ALL]);
  expect(document.node?.name).toBe('pg1');
  expect(document.other_nodes).toMatchObject([{ name: 'pg3', dcs_last_seen: 700 }]);
  expect(document.unanswered_urls).toEqual([]);
});

test('a member of another cluster is ignored', async () => {
  const { document, members } = await collect({ name: 'pg2', seen: 700 }, { name: 'pg1', seen: 900, scope: 'other' });
  const url = members[1]?.url ?? '';
  expect(document.node?.name).toBe('pg2');
  expect(document.other_nodes).toEqual([]);
  expect(document.unanswered_urls).toEqual([
    { url: `${url}/`, error: `${url}/patroni: another cluster answers: its scope is other, not main` },
  ]);
});

test('one member under two URLs is reported once', async () => {
  const { document } = await collect({ name: 'pg2', seen: 900 }, { name: 'pg2', seen: 900 });
  expect([document.node?.name, document.other_nodes]).toEqual(['pg2', []]);
});

test("the leader's URL is among them, and refuses connections: it is not requested again", async () => {
  const dead = await startPatroni(() => '');
  await dead.close();
  const members = MEMBERS.map((each) => (each.name === 'pg1' ? { ...each, api_url: `${dead.url}/patroni` } : each));
  const alive = await member({ name: 'pg2', instead: { '/cluster': json({ members }) } });
  const document = await collectPatroni([dead.url, alive.url], { leaderApi: 'auto' });
  expect(document.leader_api).toEqual({
    member: 'pg1',
    outcome: 'refused',
    error: `${dead.url}/patroni: connection refused`,
  });
  expect(document.unanswered_urls?.map(({ url }) => url)).toEqual([`${dead.url}/`]);
});
