import { CollectError } from '../errors.ts';
import { BoundError, type Bounds } from '../text/bounds.ts';
import { parseJson } from '../text/json.ts';

/**
 * The JSON in WAL-G's stdout. It is the last line; log lines of WAL-G or of the S3 SDK may come before it, if the user's settings send them
 * to stdout (src/walg/README.md).
 * @throws CollectError if there is none.
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
      // try the next candidate
    }
  }
  throw new CollectError(`${command} printed no complete JSON (${stdout.length} characters)`);
}

const LOG_LINE = /^(?:INFO|WARNING|ERROR|DEBUG): \d{4}\/\d\d\/\d\d [\d:.]+ /;

/**
 * The ERROR lines of WAL-G without level and time. A line that ends in a colon, or is followed by `caused by: ` of the S3 SDK, is joined
 * with the next one. The first one has the cause; the last may mislead, if WAL-G tried another connection (src/walg/README.md). They are
 * not cut, because half a secret would not be redacted.
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

/** Why WAL-G exited with a failure: its first ERROR line, or the error of its argument parser. */
export function failureReason(stdout: string, stderr: string): string {
  const refusal = /^Error: (.*)$/m.exec(stderr)?.[1];
  const lastLine = stderr.trim().split('\n').at(-1) ?? '';
  return errorLines(stderr)[0] ?? refusal ?? (lastLine || stdout.trim().split('\n')[0] || 'no reason given');
}
