import { CollectError } from '../errors.ts';
import { BoundError, type Bounds } from '../text/bounds.ts';
import { parseJson } from '../text/json.ts';

/**
 * The JSON in WAL-G's stdout. It comes last and on one line; what may stand before it is the S3 SDK's debug log or WAL-G's own, sent
 * there by somebody's configuration (src/walg/README.md).
 * @throws CollectError where there is none.
 */
export function parseOutput(stdout: string, command: string, bounds: Bounds): unknown {
  const text = stdout.trim();
  const lastLine = text.slice(text.lastIndexOf('\n') + 1);
  for (const candidate of [text, lastLine]) {
    if (!/^[[{n]/.test(candidate)) continue;
    try {
      return parseJson(candidate, bounds);
    } catch (error) {
      if (error instanceof BoundError) throw new CollectError(`${command} printed ${error.message}`);
      // not this one
    }
  }
  throw new CollectError(`${command} printed no JSON that is whole (${stdout.length} characters)`);
}

const LOG_LINE = /^(?:INFO|WARNING|ERROR|DEBUG): \d{4}\/\d\d\/\d\d [\d:.]+ /;

/**
 * What WAL-G complains about: its ERROR lines without level and time, each with its continuation: where it ends in a colon, or where the S3 SDK says what it was caused by. The first
 * one tells the cause; the last may mislead, when a connection was tried again elsewhere (src/walg/README.md). They are whole,
 * however long: a secret that is cut in two would no longer be recognized as one.
 */
export function errorLines(stderr: string): string[] {
  const lines = stderr.split('\n');
  return lines.flatMap((line, index) => {
    if (!line.startsWith('ERROR: ')) return [];
    const message = line
      .replace(LOG_LINE, '')
      .replace(/^ERROR: /, '')
      .trim();
    const next = lines[index + 1]?.trim() ?? '';
    const continues = (message.endsWith(':') && next !== '' && !LOG_LINE.test(next)) || next.startsWith('caused by: ');
    const continued = continues ? `${message} ${next}` : message;
    return [continued];
  });
}

/** Why a WAL-G that exited with a failure did so: its first ERROR line, or the refusal of its argument parser. */
export function failureReason(stdout: string, stderr: string): string {
  const refusal = /^Error: (.*)$/m.exec(stderr)?.[1];
  const lastLine = stderr.trim().split('\n').at(-1) ?? '';
  return errorLines(stderr)[0] ?? refusal ?? (lastLine || stdout.trim().split('\n')[0] || 'no reason given');
}
