import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { held, httpReply, type Reply } from '../stand-ins/patroni.ts';
import { ask, healthy, healthyBut, type Path } from './healthy-but.ts';

/** Each of the four requests may fail without affecting the others. */
const oldNodeStatus = readFileSync(join(import.meta.dirname, '../fixtures/patroni/v2.0.2/s1_healthy.node2.root'));

const json = (value: unknown) => httpReply(200, JSON.stringify(value));
const member = { name: 'a', role: 'leader', state: 'running' };
const BAD_GATEWAY = httpReply(502, '<html><head><title>Error response</title></head></html>', 'text/html');

describe('one request fails', () => {
  test.for<[path: Path, situation: string, reply: Reply, error: string]>([
    [
      '/patroni',
      'is cut short',
      httpReply(200, '{"state": "run'),
      'URL/patroni: the reply was cut short (HTTP 200, 14 characters): was Patroni restarted?',
    ],
    ['/patroni', 'has no role', json({ state: 'running', patroni: {} }), 'URL/patroni: field "role" is not a string'],
    [
      '/patroni',
      'has a field of another type',
      json({ state: 'running', role: 'primary', patroni: {}, timeline: '3' }),
      'URL/patroni: field "timeline" is not a number',
    ],
    [
      '/patroni',
      'is closed without an answer',
      '',
      'URL/patroni: the connection was closed without an answer: if it uses TLS, it needs an https:// URL',
    ],
    [
      '/config',
      'has no dynamic configuration',
      BAD_GATEWAY,
      'URL/config: HTTP 502: there is no dynamic configuration in the DCS: the cluster is not bootstrapped',
    ],
    [
      '/config',
      'is cut short',
      httpReply(200, '{"ttl": 3'),
      'URL/config: the reply was cut short (HTTP 200, 9 characters): was Patroni restarted?',
    ],
    [
      '/config',
      'has a list of parameters',
      json({ postgresql: { parameters: [] } }),
      'URL/config: field "postgresql.parameters" is not an object',
    ],
    [
      '/config',
      'wants a login',
      httpReply(401, 'no auth header received', 'text/html'),
      'URL/config: HTTP 401: a proxy asks for a login: Patroni itself needs none for reading (--patroni-url)',
    ],
    [
      '/cluster',
      'is not known to an old Patroni',
      oldNodeStatus,
      'URL/cluster: this Patroni does not have it: 1.6.1 or newer is needed',
    ],
    [
      '/cluster',
      'is closed after a while: the DCS is gone',
      held(300),
      'URL/cluster: the connection was closed without an answer: Patroni cannot reach its DCS (see its log)',
    ],
    [
      '/cluster',
      'is HTML',
      httpReply(200, '<html>hello</html>', 'text/html'),
      "URL/cluster: the reply is not JSON (HTTP 200, 18 characters): is this Patroni's REST API?",
    ],
    [
      '/cluster',
      'is empty',
      httpReply(200, ''),
      'URL/cluster: the reply was cut short (HTTP 200, 0 characters): was Patroni restarted?',
    ],
    ['/cluster', 'has no content', httpReply(204, ''), "URL/cluster: HTTP 204: is this Patroni's REST API?"],
    [
      '/cluster',
      'is unavailable in between',
      httpReply(503, '<html>no server is available</html>', 'text/html'),
      "URL/cluster: HTTP 503: is this Patroni's REST API?",
    ],
    [
      '/cluster',
      'is too large',
      httpReply(200, 'x'.repeat(5_000_000)),
      "URL/cluster: the reply is larger than 4194304 bytes: is this Patroni's REST API?",
    ],
    ['/cluster', 'is no object', json(null), 'URL/cluster: the reply is not an object'],
    ['/cluster', 'has no members', json({ scope: 'demo' }), 'URL/cluster: field "members" is not an array'],
    [
      '/cluster',
      'has members that are no array',
      json({ members: {} }),
      'URL/cluster: field "members" is not an array',
    ],
    [
      '/cluster',
      'has a member whose state is null',
      json({ members: [{ ...member, state: null }] }),
      'URL/cluster: field "members[0].state" is not a string',
    ],
    [
      '/cluster',
      'has a port that is text',
      json({ members: [{ ...member, port: '5432' }] }),
      'URL/cluster: field "members[0].port" is not a number',
    ],
    [
      '/cluster',
      'has a lag that is neither',
      json({ members: [member, { ...member, lag: true }] }),
      'URL/cluster: field "members[1].lag" is not a number or a string',
    ],
    ['/history', 'is no array', json({}), 'URL/history: the reply is not an array'],
    ['/history', 'has a row that is no array', json([{ timeline: 1 }]), 'URL/history: field "[0]" is not an array'],
    [
      '/history',
      'has a row that is too short',
      json([[1]]),
      'URL/history: field "[0].lsn" is not a number or a string',
    ],
    [
      '/history',
      'has a negative position',
      json([[1, -1, 'no recovery target specified']]),
      'URL/history: field "[0].lsn" is not valid: it is not a WAL position',
    ],
    [
      '/history',
      'is cut short',
      httpReply(200, '[[1, 8388'),
      'URL/history: the reply was cut short (HTTP 200, 9 characters): was Patroni restarted?',
    ],
  ])('%s %s', async ([path, , reply, error]) => {
    const document = await ask((asked) => (asked === path ? reply : healthy(asked)));
    const silent = typeof reply === 'object' && 'milliseconds' in reply;
    expect(document).toEqual(await healthyBut([path], error, silent));
  });
});
