import { readFileSync, statSync, unlinkSync } from 'node:fs';
import { DeliveryError, errorCode, systemReason } from '../errors.ts';
import type { FormatName } from '../formats/index.ts';
import type { Log } from '../system/log.ts';
import { writeFile } from './file.ts';

/** A node that leaves publishing to the leader. */
export interface SteppedBack {
  /** Its name; undefined before Patroni 3.2, which does not report it. */
  member: string | undefined;
  cluster: string;
}

/** A document has at most 64 KB, and a report less. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * What this node wrote while it was the leader must not look current afterwards. Metrics are replaced by ones that say that it does not
 * publish. A file in another format is removed if it names this node; otherwise it is kept, with a note, because the leader may write to
 * the same file. @throws DeliveryError if the file cannot be replaced or removed.
 */
export async function retireOutput(
  path: string,
  format: FormatName,
  node: SteppedBack,
  seconds: number,
  log: Log,
): Promise<void> {
  if (format === 'prometheus') {
    const { formatSteppedBack } = await import('../formats/prometheus/stepped-back.ts');
    writeFile(path, formatSteppedBack(node.cluster, seconds));
    return;
  }
  const text = read(path);
  if (text === undefined) return;
  if (!(await isOwn(text, format, node))) {
    log.note(`${path} was kept, because it does not name this node: its content may be out of date`);
    return;
  }
  try {
    unlinkSync(path);
  } catch (error) {
    throw new DeliveryError(`${path} is out of date and could not be removed (${systemReason(error)})`);
  }
}

/** Undefined = there is no file; empty = not a file of ours. */
function read(path: string): string | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= MOST_BYTES ? readFileSync(path, 'utf8') : '';
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? undefined : '';
  }
}

async function isOwn(text: string, format: FormatName, { member }: SteppedBack): Promise<boolean> {
  if (member === undefined) return false;
  // the output of the plugin does not name the node
  if (format === 'nagios') return false;
  if (format === 'report') return text.split('\n').some((line) => line.startsWith(` asked ${member} (`));
  return nameOfNode(await parse(text, format === 'yaml')) === member;
}

async function parse(text: string, isYaml: boolean): Promise<unknown> {
  try {
    if (!isYaml) return JSON.parse(text) as unknown;
    const { parse: parseYaml } = await import('yaml');
    return parseYaml(text, { logLevel: 'error' }) as unknown;
  } catch {
    return undefined;
  }
}

function nameOfNode(document: unknown): unknown {
  if (!isObject(document) || !isObject(document['node'])) return undefined;
  return document['node']['name'];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
