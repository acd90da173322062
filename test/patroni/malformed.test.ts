import { expect, test } from 'vitest';
import { collectFrom } from '../stand-ins/collect.ts';
import { NODE1 } from '../stand-ins/host.ts';
import { startPatroni } from '../stand-ins/patroni.ts';

/** The raw reply to `/cluster`, and the message. */
const REPLIES: [string, string, string][] = [
  [
    'switches the protocol',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    `HTTP 101: the server switches to another protocol: is this Patroni's REST API?`,
  ],
  [
    'answers nothing',
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    `the reply is empty (HTTP 200): is this Patroni's REST API?`,
  ],
  [
    'begins with a byte order mark in another encoding',
    'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n\u00fe\u00ff{}',
    `the reply is not JSON (HTTP 200, 4 characters): is this Patroni's REST API?`,
  ],
  [
    'announces too little',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{"members":[]}',
    `the reply ends amid its JSON, where its Content-Length says (HTTP 200, 5 characters): is this Patroni's REST API?`,
  ],
  [
    'announces too much',
    'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"members":[]}',
    'the reply ended after 14 of the 500 bytes that its Content-Length announces',
  ],
  [
    'announces two lengths',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{"members":[]}',
    `the reply is not HTTP (HPE_UNEXPECTED_CONTENT_LENGTH): is this Patroni's REST API?`,
  ],
  [
    'breaks off in a chunk',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{"mem',
    `the reply broke off or was malformed after 5 bytes: is this Patroni's REST API?`,
  ],
  [
    'sends a number that JavaScript cannot represent',
    'HTTP/1.0 200 OK\r\n\r\n{"members":[{"name":"a","role":"replica","state":"running","lag":1e400}]}',
    `the reply is not one of Patroni's: the number 1e400 is out of range`,
  ],
];

test.each(REPLIES)('a server that %s', async (_, reply, problem) => {
  const patroni = await startPatroni((path) => (path === '/cluster' ? reply : NODE1(path)));
  try {
    const { collectors } = await collectFrom({ patroniUrl: patroni.url, names: ['patroni'], at: 0 });
    expect(collectors?.patroni?.error).toBe(`${patroni.url}/cluster: ${problem}`);
  } finally {
    await patroni.close();
  }
});
