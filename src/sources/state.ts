import { memory, type Memory } from '../document/memory.ts';
import { identify, isSame } from '../document/remembered.ts';
import type { StatusDocument } from '../document/schema.ts';
import { asError } from '../errors.ts';
import { PrivateFileError, readPrivate } from '../system/private-file.ts';
import type { Log } from '../system/log.ts';
import { BoundError } from '../text/bounds.ts';
import { fit, parseJson } from '../text/json.ts';

/** A document of 64 KB and 256 positions take 80 KB. */
const MOST_BYTES = 1024 * 1024;

/** The state that the last run of this node kept (--state); undefined = there is none. An unusable file is a note, not a failure. */
export function recall(path: string, log: Log): Memory | undefined {
  try {
    const text = readPrivate(path, MOST_BYTES);
    return text === undefined ? undefined : understand(parse(text));
  } catch (error) {
    log.note(`no earlier state is used: ${path} ${asError(error).message}`);
    return undefined;
  }
}

/**
 * After an upgrade, what the earlier version concluded about the WAL may have another shape: it is left out, because this run reads the WAL
 * anyway, and thirty days of positions are kept.
 */
function understand(value: unknown): Memory {
  const understood = (kept: unknown) => fit(memory, kept, 'is not a state file', 'it');
  try {
    return understood(value);
  } catch (error) {
    if (!isRecord(value) || !isRecord(value['document'])) throw error;
    const { wal: _wal, recovery: _recovery, ...document } = value['document'];
    return understood({ ...value, document });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const MOST_ELEMENTS = 10_000;

function parse(text: string): unknown {
  try {
    return parseJson(text, { elements: MOST_ELEMENTS });
  } catch (error) {
    if (error instanceof BoundError) throw new PrivateFileError(`is not a state file: ${error.message}`);
    throw new PrivateFileError(text === '' ? 'is empty' : 'is not JSON');
  }
}

/** The memory, if it is of the cluster that was just collected; `patroni` is host and port of its first URL. */
export function ofCluster(
  remembered: Memory | undefined,
  document: StatusDocument,
  { path, patroni }: { path: string; patroni: string },
  log: Log,
): Memory | undefined {
  if (remembered === undefined) return undefined;
  const before = remembered.cluster ?? identify(remembered.document, patroni);
  const now = identify(document, patroni);
  if (isSame(before, now)) return remembered;
  const name = ({ scope, system_identifier: system }: typeof now) =>
    `${scope ?? 'a cluster without a name'}${system === undefined ? '' : `, system ${system}`}`;
  log.note(`no earlier state is used: ${path} is of another cluster (${name(before)}; this one is ${name(now)})`);
  return undefined;
}
