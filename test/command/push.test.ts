import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NODE1, NODE2, startHost, type Circumstances } from '../stand-ins/host.ts';
import { httpReply } from '../stand-ins/patroni.ts';
import { healthyDocument, save } from '../stand-ins/saved.ts';
import { startReceiver, type Receiver, type Response } from '../stand-ins/receiver.ts';

const SECRET = 'fqOOd6-F4MMNuCEnzTU01w';
const PATRONI = ['--collect', 'patroni', '--quiet'];
const GROUP = '/metrics/job/postgres-status/scope/demo';

/** A host, with a Pushgateway and a dead-man service that answer in this way. */
async function start(circumstances: Circumstances = {}, pushed: Response = { status: 200 }, pinged = pushed) {
  const gateway = await startReceiver(() => pushed);
  const service = await startReceiver(() => pinged);
  const host = await startHost({
    ...circumstances,
    walg: {
      POSTGRES_STATUS_PUSHGATEWAY: gateway.url.replace('//', '//metrics:s3cr3ts@'),
      POSTGRES_STATUS_PING: `${service.url}/${SECRET}`,
      ...circumstances.walg,
    },
  });
  return { host, gateway, service };
}

const asked = ({ received }: Receiver) => received.map(({ method, url }) => `${method} ${url}`);

test('the leader pushes the metrics of its cluster, and then calls the dead-man service', async () => {
  const { host, gateway, service } = await start();
  expect(await host.run('--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(asked(gateway)).toEqual([`PUT ${GROUP}`]);
  expect(gateway.received[0]?.authorization).toBe(`Basic ${Buffer.from('metrics:s3cr3ts').toString('base64')}`);
  const metrics = gateway.received[0]?.body ?? '';
  expect(metrics).toMatch(/^postgres_status_publishes\{scope="demo"\} 1$/m);
  expect(metrics).toMatch(/^postgres_status_check_state\{scope="demo",check="backup"\} \d$/m);
  expect(asked(service)).toEqual([`GET /${SECRET}`]);
});

test('the metrics are the same as with --output, while stdout has another format', async () => {
  const { host, gateway } = await start();
  const compat = ['--metrics-compat', 'walg'];
  const { stdout } = await host.run('--format', 'prometheus', ...compat);
  await host.run('--format', 'report', ...compat);
  const names = (text: string | undefined) => text?.match(/^# HELP \S+/gm);
  expect(names(gateway.received[1]?.body)).toEqual(names(stdout));
});

test('a replica neither pushes nor pings, and collects nothing', async () => {
  const { host, gateway, service } = await start({ patroni: NODE2 });
  expect(await host.run()).toEqual({
    status: 0,
    stdout: '',
    stderr: 'postgres-status: node2 has the role replica: publishing is left to the leader\n',
  });
  expect([asked(gateway), asked(service)]).toEqual([[], []]);
});

test('a replica with --check judges, and neither pushes nor pings; with --publish-from any it does both', async () => {
  const { host, gateway, service } = await start({ patroni: NODE2 });
  const { stdout } = await host.run('--check');
  expect(stdout).toMatch(/^POSTGRES /);
  expect([asked(gateway), asked(service)]).toEqual([[], []]);
  await host.run('--check', '--publish-from', 'any');
  expect([asked(gateway).length, asked(service).length]).toEqual([1, 1]);
});

test('a node that cannot determine its role neither pushes nor pings, so the dead-man service raises its alarm', async () => {
  const { host, gateway, service } = await start({ patroni: () => httpReply(500, '') });
  const { status, stderr } = await host.run(...PATRONI);
  expect(status).toBe(3);
  expect(stderr).toMatch(/^postgres-status: not published: cannot determine whether this node is the leader: /m);
  expect([asked(gateway), asked(service)]).toEqual([[], []]);
});

describe('the ping reports whether the run succeeded, regardless of the verdict', () => {
  const CRITICAL = ['--backup-max-age', '1h,2h'];
  const noWalg = ['--wal-g', '/nowhere/wal-g'];
  test.each([
    { what: 'a critical verdict', args: CRITICAL, status: 0, path: `/${SECRET}` },
    { what: 'a critical verdict with --check', args: ['--check', ...CRITICAL], status: 2, path: `/${SECRET}` },
    { what: 'a collector that fails', args: noWalg, status: 1, path: `/${SECRET}/fail` },
    { what: 'a collector that fails with --check', args: ['--check', ...noWalg], status: 3, path: `/${SECRET}/fail` },
    { what: 'a delivery that fails', args: ['--configmap'], status: 3, path: `/${SECRET}/fail` },
    {
      what: 'a delivery that fails with --check',
      args: ['--check', '--configmap'],
      status: 3,
      path: `/${SECRET}/fail`,
    },
  ])('$what', async ({ args, status, path }) => {
    const { host, service } = await start();
    host.program('kubectl', 'exit 1');
    expect((await host.run(...args)).status).toBe(status);
    expect(asked(service)).toEqual([`GET ${path}`]);
  });
});

test('a push that fails: exit status 3, the document is still printed and published, the ping reports the failure', async () => {
  const sentence = 'pushed metrics are invalid or inconsistent with existing metrics';
  const { host, gateway, service } = await start({}, { status: 400, body: `${sentence}\n` }, { status: 200 });
  const { status, stdout, stderr } = await host.run('--collect', 'patroni', '--configmap');
  expect({ status, stderr }).toEqual({
    status: 3,
    stderr: `postgres-status: not pushed to ${gateway.url}: the Pushgateway rejects the metrics (HTTP 400): ${sentence}\n`,
  });
  expect(JSON.parse(stdout)).toMatchObject({ node: { name: 'node1' } });
  expect(host.published()).toBeDefined();
  expect(asked(service)).toEqual([`GET /${SECRET}/fail`]);
});

test('a ping that fails is reported, and does not change the exit status', async () => {
  const { host, service } = await start({}, { status: 200 }, { status: 404 });
  const sentence = `postgres-status: the ping to ${service.url} failed: HTTP 404: it does not know the URL of --ping\n`;
  expect(await host.run(...PATRONI)).toEqual({ status: 0, stdout: '', stderr: sentence });
  expect(await host.run(...PATRONI, '--check')).toMatchObject({ stderr: sentence });
});

test('all hang: the push leaves time for the ping, and the run ends before its deadline', async () => {
  const { host, gateway, service } = await start({}, 'hang');
  const { status, stderr } = await host.run(...PATRONI, '--timeout', '12s');
  expect(status).toBe(3);
  // and no message that the run did not end in time
  const lines = stderr.replaceAll(/[\d.]+ s\n/g, 'N s\n');
  expect(lines).toBe(
    `postgres-status: not pushed to ${gateway.url}: it did not answer within N s\n` +
      `postgres-status: the ping to ${service.url} failed: it did not answer within N s\n`,
  );
  expect(asked(service)).toEqual([`GET /${SECRET}/fail`]);
});

test('a run that is ended by a signal does not ping', async () => {
  const { host, service } = await start();
  host.program('wal-g', `touch ${host.folder}/began; exec sleep 600`);
  await host.shell('$CLI & while [ ! -e began ]; do sleep 0.05; done; kill -TERM $!; wait $!');
  expect(asked(service)).toEqual([]);
});

describe('no secret is printed', () => {
  const secrets = new RegExp(`${SECRET}|s3cr3ts`);
  test.each([
    ['if everything succeeds', { status: 200 }],
    [
      "if the server's reply contains them",
      { status: 400, body: `/${SECRET}/fail: s3cr3ts`, headers: { 'x-a': SECRET } },
    ],
    ['if it redirects', { status: 302, headers: { location: `/login?next=/${SECRET}&pw=s3cr3ts` } }],
    ['if it closes the connection', 'close'],
  ] as [string, Response][])('%s', async (_, response) => {
    const { host, gateway } = await start({}, response);
    const { stdout, stderr } = await host.run('--collect', 'patroni', '--verbose', '--output', 'status.json');
    expect(asked(gateway)).toHaveLength(1);
    expect(stdout + stderr + readFileSync(join(host.folder, 'status.json'), 'utf8')).not.toMatch(secrets);
  });

  test('secrets from a file or from Patroni are redacted too', async () => {
    const service = await startReceiver();
    const telling = (path: string) => NODE1(path).toString().replaceAll('"running"', `"${SECRET}"`);
    const host = await startHost({ patroni: telling });
    writeFileSync(join(host.folder, 'ping'), `${service.url}/${SECRET}\n`);
    const { status, stdout } = await host.run('--collect', 'patroni', '--ping-file', 'ping');
    expect({ status, called: asked(service) }).toEqual({ status: 0, called: [`GET /${SECRET}`] });
    expect(stdout).toContain('"***"');
    expect(stdout).not.toMatch(secrets);
  });

  test('no secret is on the command lines of wal-g and kubectl', async () => {
    const { host } = await start();
    host.program('kubectl', `echo "$@" > ${host.folder}/args; cat > /dev/null`);
    await host.run('--configmap', '--quiet');
    expect(readFileSync(join(host.folder, 'args'), 'utf8')).not.toMatch(secrets);
  });
});

test('a flag with user info is rejected before any request, and the message does not quote it', async () => {
  const host = await startHost();
  expect(await host.run('--pushgateway', 'http://metrics:s3cr3ts@127.0.0.1:9091')).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'postgres-status: --pushgateway contains a user name or password, which other users could see on the command line: put the URL into the variable or a file\n',
  });
  expect(host.patroni.asked).toEqual([]);
});

test('a saved document is shown even if the variables are set', async () => {
  const { host, gateway, service } = await start();
  save(host, await healthyDocument());
  expect(await host.run('--input', 'status.json', '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect([asked(gateway), asked(service)]).toEqual([[], []]);
  expect(existsSync(join(host.folder, 'patch'))).toBe(false);
});
