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
    return text === undefined ? undefined : fit(memory, parse(text), 'is not a state file', 'it');
  } catch (error) {
    log.note(`no earlier state is used: ${path} ${asError(error).message}`);
    return undefined;
  }
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
