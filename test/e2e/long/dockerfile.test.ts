import { copyFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { findExecutable } from '../../../src/system/executable.ts';
import { needs } from '../../stand-ins/needs.ts';
import { run, type Outcome } from '../processes.ts';

/** The steps of examples/Dockerfile in a clean root made by debootstrap: no container engine is needed. */

const DOCKERFILE = resolve(import.meta.dirname, '../../../examples/Dockerfile');
/** The content of an image before the first step: the release of `FROM debian:12-slim`, with its Essential packages. */
const RELEASE = 'bookworm';

/** A replacement for the real program, which is a static executable. */
const WALG = "#!/bin/sh\nprintf 'wal-g version v3.0.9\\tx\\ty\\tPostgreSQL'\n";

interface Step {
  instruction: string;
  rest: string;
}

/** The instructions of each stage, by its name. */
function stages(): Map<string, Step[]> {
  const text = readFileSync(DOCKERFILE, 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', '');
  const found = new Map<string, Step[]>();
  for (const stage of text.split(/^(?=FROM )/m).filter((part) => part.startsWith('FROM'))) {
    const steps = [...stage.matchAll(/^([A-Z]+) (.*)$/gm)].map(([, instruction = '', rest = '']) => ({
      instruction,
      rest,
    }));
    found.set(/ AS (\S+)$/.exec(steps[0]?.rest ?? '')?.[1] ?? '', steps);
  }
  return found;
}

const isRoot = needs('root') === test;

describe.skipIf(!isRoot || findExecutable('debootstrap', process.env['PATH']) === undefined)(
  'examples/Dockerfile',
  () => {
    let root: string;
    let user = '';
    let command: string[] = [];

    beforeAll(async () => {
      const context = join(inject('workshop'), 'context/programs');
      mkdirSync(context, { recursive: true });
      root = join(inject('workshop'), 'root');
      writeFileSync(join(context, 'wal-g'), WALG);
      const programs = { 'postgres-status': inject('postgresStatus'), kubectl: kubectl() };
      for (const [name, path] of Object.entries(programs)) copyFileSync(path, join(context, name));
      const steps = stages().get('postgres-status') ?? [];
      for (const { instruction, rest } of steps) await carryOut(instruction, rest);
    }, 900_000);

    test('it has two stages, and the second adds the same programs to Spilo', () => {
      const [own, spilo] = ['postgres-status', 'spilo'].map((name) => stages().get(name) ?? []);
      expect(own?.map(({ instruction }) => instruction)).toEqual(['FROM', 'RUN', 'RUN', 'COPY', 'USER', 'CMD']);
      expect(spilo?.map(({ instruction }) => instruction)).toEqual(['FROM', 'COPY']);
      // it has wal-g
      expect(spilo?.[1]?.rest).toBe(own?.[3]?.rest.replace('programs/wal-g ', ''));
    });

    test('its user is the one in the manifests, and has a name', async () => {
      expect((await inImage(['id'])).stdout).toBe('uid=101(postgres) gid=103(postgres) groups=103(postgres)\n');
    });

    test('each program runs in it', async () => {
      expect((await inImage(['postgres-status', '--version'])).stdout).toMatch(/^postgres-status \d+\.\d+\.\d+\n$/);
      expect((await inImage(['kubectl', 'version', '--client'])).stdout).toMatch(/^Client Version: v/);
      expect((await inImage(['wal-g', '--version'])).stdout).toMatch(/^wal-g version v/);
      // the loop of the sidecar
      expect((await inImage(['sh', '-c', 'sleep 0; echo $HOME'])).stdout).toBe('/tmp\n');
    });

    test('its command prints a report; if nothing answers, the report says what to check', async () => {
      expect(command).toEqual(['postgres-status', '--format', 'report']);
      const { status, stdout } = await inImage([...command, '--patroni-url', 'http://127.0.0.1:1']);
      expect(status).toBe(1);
      expect(stdout).toMatch(/^ \? collection  patroni failed: .*connection refused:/m);
    });

    async function carryOut(instruction: string, rest: string): Promise<void> {
      switch (instruction) {
        case 'FROM':
          await run(['debootstrap', '--variant=minbase', RELEASE, root], { environment: process.env });
          return;
        case 'RUN':
          await run(['chroot', root, '/bin/sh', '-c', rest], { environment: PATHS });
          return;
        case 'COPY': {
          const [, mode = '', files = '', folder = ''] = /^--chmod=(\d+) (.*) (\S+)$/.exec(rest) ?? [];
          for (const file of files.split(' ')) {
            const copied = join(root, folder, file.replace(/.*\//, ''));
            copyFileSync(join(inject('workshop'), 'context', file), copied);
            chmodSync(copied, Number.parseInt(mode, 8));
          }
          return;
        }
        case 'USER':
          user = rest;
          return;
        case 'CMD':
          command = JSON.parse(rest) as string[];
          return;
        default:
          throw new Error(`this test does not know ${instruction}`);
      }
    }

    /** Runs it like a container, with /proc, /dev and the home folder of its user. */
    function inImage(words: readonly string[]): Promise<Outcome> {
      const script =
        'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot --userspec="$1" "$0" "${@:2}"';
      return run(['unshare', '--mount', 'bash', '-c', script, root, user, ...words], {
        environment: { ...PATHS, HOME: '/tmp' },
        statuses: [0, 1],
      });
    }
  },
);

const PATHS = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  DEBIAN_FRONTEND: 'noninteractive',
};

function kubectl(): string {
  const path = findExecutable('kubectl', process.env['PATH']);
  if (path === undefined) throw new Error('kubectl is not installed');
  return path;
}
