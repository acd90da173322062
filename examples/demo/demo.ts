import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { StatusDocument } from '../../src/document/schema.ts';
import { findExecutable } from '../../src/system/executable.ts';
import { startApiServer } from '../../test/stand-ins/api-server.ts';
import { startPatroni } from '../../test/stand-ins/patroni.ts';
import { colours, compactJson, page } from './page.ts';
import { healthyStorage, patroniReplies, unreachableStorage } from './recordings.ts';

const ROOT = join(import.meta.dirname, '../..');

const ending = new AbortController();
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    ending.abort();
    process.exitCode = 1;
  });

const now = Date.now();
const folder = mkdtempSync(join(tmpdir(), 'postgres-status-demo-'));
const leader = await startPatroni(patroniReplies('node1', now));
const replica = await startPatroni(patroniReplies('node2', now));
const kubernetes = await startApiServer('kubernetes-1.34.4', 'patch_ok');
try {
  furnish();
  await tellTheStory(findExecutable('kubectl', process.env['PATH']));
} catch (error) {
  if (!ending.signal.aborted) throw error;
} finally {
  await Promise.all([leader.close(), replica.close(), kubernetes.close()]);
  rmSync(folder, { recursive: true, force: true });
}

async function tellTheStory(kubectl: string | undefined): Promise<void> {
  const publish = kubectl === undefined ? '' : ' --kubeconfig kubeconfig --configmap';

  page.title('postgres-status: a demo');
  page.say('A PostgreSQL cluster of two members, node1 and node2, runs under Patroni, with a WAL-G backup every day.');
  page.say('Patroni, wal-g and the Kubernetes API server are stand-ins that replay recordings of real ones.');
  page.say(`postgres-status is real${kubectl === undefined ? '.' : `, and so is ${kubectl}.`}`);
  if (kubectl === undefined) page.say('There is no kubectl on this machine, so the demo does not publish anything.');

  page.title('1. A report: the verdict, and the facts behind it');
  setStorage(healthyStorage(folder, now));
  const look = await postgresStatus(leader.url, ' --format report');
  page.say(`\n${look.stdout}`);
  page.say(`\nexit status ${String(look.exitCode)}: everything was collected and shown`);

  page.title(`2. The same as one document, for programs${publish && ', and published'}`);
  const good = await postgresStatus(leader.url, publish);
  page.say(`\n${compactJson(JSON.parse(good.stdout))}`);
  page.say(`\nexit status ${String(good.exitCode)}: everything was collected and delivered`);
  const [published] = patches();
  if (published !== undefined) {
    const same = published.status === good.stdout ? 'the same document' : 'a document';
    page.say(`\nKubernetes got one request: PATCH ${published.path}`);
    page.say(`data.status is now ${same}, as one line of ${String(published.status.length)} characters.`);
  }

  page.title('3. An outage: WAL-G cannot reach its storage. --quiet, for cron, prints only that');
  setStorage(unreachableStorage);
  const bad = await postgresStatus(leader.url, `${publish} --quiet`);
  page.say(`\nexit status ${String(bad.exitCode)}: a collector failed`);
  const status = patches()[1]?.status;
  if (status !== undefined) {
    const { current_timestamp, walg_last_backup, collectors, health } = JSON.parse(status) as StatusDocument;
    page.say('\nThe document was published all the same. What is not known is null, and the collectors say why:');
    page.say(compactJson({ current_timestamp, walg_last_backup, collectors }));
    page.say(
      `The verdict, health.status, is ${health?.status ?? 'missing'}: what is not known is never reported as healthy.`,
    );
  }

  if (publish !== '') {
    page.title('4. The second command again, on the replica: publishing is left to the leader');
    const stepped = await postgresStatus(replica.url, publish);
    page.say(`\nexit status ${String(stepped.exitCode)}: nothing to do here`);
  }
  page.title('The end. Nothing is left behind. README.md describes how to use it.');
}

/** The path of each PATCH so far, and the `data.status` in it. */
function patches(): { path: string; status: string }[] {
  return kubernetes.requests.flatMap(({ method, url, body }) => {
    if (method !== 'PATCH') return [];
    const { data } = JSON.parse(body) as { data: { status: string } };
    return [{ path: url.replace(/\?.*/, ''), status: data.status }];
  });
}

/** Creates the files in the working folder of the commands. */
function furnish(): void {
  symlinkSync(join(ROOT, 'test/stand-ins/wal-g'), join(folder, 'wal-g'));
  mkdirSync(join(folder, 'env'));
  setVariable('STATUS_NAME', 'postgres-demo');
  setVariable('POD_NAMESPACE', 'databases');
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'demo', cluster: { server: kubernetes.url } }],
    contexts: [{ name: 'demo', context: { cluster: 'demo', user: '' } }],
    'current-context': 'demo',
  };
  writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(kubeconfig));
}

/** One file of the WAL-G environment. */
function setVariable(name: string, value: string): void {
  writeFileSync(join(folder, 'env', name), value);
}

/** Selects the recording that the stand-in for wal-g replays. */
function setStorage(recording: string): void {
  setVariable('WALG_RECORDING', recording);
}

/** Shows the command line, runs it, and shows its stderr. */
async function postgresStatus(patroniUrl: string, more: string) {
  const options = `--env env --wal-g ./wal-g --patroni-url ${patroniUrl}${more}`;
  page.command(`postgres-status ${options}`);
  const finished = await execa(process.execPath, [join(ROOT, 'src/cli.ts'), ...options.split(' ')], {
    cwd: folder,
    // stdout is a pipe, so the command cannot see whether the demo runs in a terminal
    env: { PATH: process.env['PATH'], HOME: folder, POSTGRES_STATUS_COLOR: colours ? 'always' : 'never' },
    extendEnv: false,
    reject: false,
    cancelSignal: ending.signal,
  });
  ending.signal.throwIfAborted();
  page.stderr(finished.stderr);
  return finished;
}
