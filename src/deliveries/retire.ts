import { readFileSync, statSync, unlinkSync } from 'node:fs';
import { DeliveryError, errorCode } from '../errors.ts';
import type { FormatName } from '../formats/index.ts';
import type { Log } from '../system/log.ts';
import { writeFile } from './file.ts';

/** A node that leaves publishing to the leader: what it is called, and its cluster. */
export interface SteppedBack {
  /** Undefined where Patroni does not say (before 3.2). */
  member: string | undefined;
  cluster: string;
}

/** A document has 64 KB, and a report less. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * What this node wrote while it led must not stand as current once it has stepped back. Metrics are replaced by ones that say so; a
 * file of another format is removed where it says that it is this node's, and left with a note where it does not, because the leader
 * may write to the same file. @throws DeliveryError where the file cannot be replaced or removed.
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
    log.note(`${path} is left as it is, because it does not say that it is of this node: what it holds may be old`);
    return;
  }
  try {
    unlinkSync(path);
  } catch (error) {
    throw new DeliveryError(`${path} is out of date and could not be removed (${errorCode(error) ?? String(error)})`);
  }
}

/** Undefined where there is nothing that could be taken for current. */
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
  // the plugin's lines do not say who was asked
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
