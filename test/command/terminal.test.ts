import { expect } from 'vitest';
import { startHost, type Host } from '../stand-ins/host.ts';
import { needs } from '../stand-ins/needs.ts';
import { healthyDocument, NOW, save } from '../stand-ins/saved.ts';

/** The output of this shell command on a terminal of 80 columns. */
async function onTerminal(host: Host, line: string): Promise<string> {
  host.program('on-terminal', 'stty cols 80 rows 24', line);
  const { stdout } = await host.shell(
    'export CLI; script --quiet --return --command on-terminal /dev/null < /dev/null',
  );
  return stdout.replaceAll('\r\n', '\n');
}

const REPORT = `$CLI --input status.json --now ${NOW} --format report`;

const onPty = needs('script');

const COLOUR = /\u001b\[[\d;]*m/;

onPty.each([
  { what: 'on a terminal', line: `TERM=xterm ${REPORT}`, coloured: true },
  { what: 'with NO_COLOR', line: `TERM=xterm NO_COLOR=1 ${REPORT}`, coloured: false },
  { what: 'with an empty NO_COLOR, which counts as not set', line: `TERM=xterm NO_COLOR= ${REPORT}`, coloured: true },
  { what: 'on a dumb terminal', line: `TERM=dumb ${REPORT}`, coloured: false },
  { what: 'with --color never', line: `TERM=xterm ${REPORT} --color never`, coloured: false },
  { what: 'with --color always and NO_COLOR', line: `NO_COLOR=1 ${REPORT} --color always`, coloured: true },
  { what: 'in a pipe', line: `TERM=xterm ${REPORT} | cat`, coloured: false },
  { what: 'in a pipe with --color always', line: `TERM=xterm ${REPORT} --color always | cat`, coloured: true },
  { what: 'in a file', line: `TERM=xterm ${REPORT} --output report.txt; cat report.txt`, coloured: false },
])('the report $what: in colour $coloured', async ({ line, coloured }) => {
  const host = await startHost();
  save(host, await healthyDocument());
  const shown = await onTerminal(host, line);
  expect(shown).toContain('Collectors');
  expect(COLOUR.test(shown)).toBe(coloured);
});

onPty('a terminal without a size has 80 columns', async () => {
  const host = await startHost();
  save(host, await healthyDocument());
  host.program('without-size', 'stty cols 0 rows 0', `TERM=dumb ${REPORT}`);
  const { stdout } = await host.shell(
    'export CLI; script --quiet --return --command without-size /dev/null < /dev/null',
  );
  const piped = await host.shell(REPORT);
  expect(stdout.replaceAll('\r\n', '\n')).toBe(piped.stdout);
});

/** The progress lines while wal-g is slow. */
async function slowHost(): Promise<Host> {
  const host = await startHost();
  host.program('wal-g', 'sleep 1; echo "ERROR: 2026/11/21 no storage" >&2; exit 1');
  return host;
}

const CURSOR_UP = '\u001b[3A\r';
const LAST_WORD = `${CURSOR_UP}\u001b[J`;

onPty('a person sees what the run waits for, and it is gone when it is done', async () => {
  const host = await slowHost();
  const shown = await onTerminal(host, 'TERM=xterm $CLI > document.json');
  const before = shown.slice(0, shown.indexOf(LAST_WORD));
  const [first = '', ...redrawn] = before.split(CURSOR_UP);
  expect(redrawn.length).toBeGreaterThan(0);
  const drawing = (patroni: RegExp) =>
    new RegExp(
      `^\\u001b\\[2Kpatroni {9}\\d\\.\\d s {2}${patroni.source}\\n` +
        '\\u001b\\[2Kwalg_backups {4}\\d\\.\\d s {2}…\\n\\u001b\\[2Kwalg_verify {5}\\d\\.\\d s {2}…\\n$',
    );
  expect(first).toMatch(drawing(/(?:done|…)/));
  expect(before).toContain('done\n');
  // the failures are printed after the progress lines have been cleared
  const after = shown.slice(shown.indexOf(LAST_WORD) + LAST_WORD.length);
  expect(after).toMatch(/^postgres-status: walg_backups: [^\u001b]*\npostgres-status: walg_verify: [^\u001b]*\n$/);
});

onPty.each([
  ['in a pipe', 'TERM=xterm $CLI 2>&1 > document.json | cat'],
  ['with --quiet', 'TERM=xterm $CLI --quiet'],
  ['with --verbose', 'TERM=xterm $CLI --verbose > document.json'],
  ['on a dumb terminal', 'TERM=dumb $CLI > document.json'],
])('nothing of it %s', async (_where, line) => {
  const host = await slowHost();
  const shown = await onTerminal(host, line);
  expect(shown).toContain('postgres-status: walg_backups: ');
  expect(shown).not.toContain('\u001b');
});

onPty('Ctrl-C wipes it', async () => {
  const host = await startHost();
  host.program('wal-g', `touch ${host.folder}/started`, 'exec sleep 600');
  const shown = await onTerminal(
    host,
    'TERM=xterm $CLI > document.json & until [ -e started ]; do sleep 0.1; done; sleep 2; kill -INT $!; wait $!; echo "status $?"',
  );
  expect(shown.slice(shown.indexOf(LAST_WORD))).toBe(`${LAST_WORD}status 130\n`);
});
