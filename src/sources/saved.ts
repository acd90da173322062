import { closeSync, constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { nameCluster, type Cluster } from '../document/cluster.ts';
import type { StatusDocument } from '../document/schema.ts';
import { asError, UsageError } from '../errors.ts';
import { kindOf, tooLarge, UnfitFileError, whyUnreadable } from '../system/bounded-file.ts';
import { noteRead } from '../system/watchdog.ts';
import { parseDocument } from './document.ts';
import type { Source } from './source.ts';

/** The documents of --input. A single one that cannot be read ends the run; one of several is listed with its error. */
export const readSaved: Source = async ({ inputs, scope }, _world, _budget, see) => {
  const read = (path: string) => readDocument(path).then((document) => cluster(path, document, scope));
  const [only, ...others] = inputs;
  if (only !== undefined && others.length === 0)
    return { clusters: [see(await read(only))], isList: false, gate: SAVED };
  const clusters: ReturnType<typeof see>[] = [];
  // one after the other, because a shell's * may expand to more files than a process may open
  for (const path of inputs) clusters.push(see(await read(path).catch((error: unknown) => unread(path, error))));
  return { clusters, isList: true, gate: SAVED };
};

/** A saved document is never published, so this has no effect. */
const SAVED = { publishing: 'allowed' } as const;

function cluster(path: string, document: StatusDocument, asked: string | undefined): Cluster {
  const name = nameCluster(document, { asked, otherwise: fileName(path) });
  return { name, origin: { file: path }, document, error: null };
}

function unread(path: string, error: unknown): Cluster {
  return { name: fileName(path), origin: { file: path }, document: null, error: asError(error).message };
}

/** The name of the file without folder and `.json`. */
function fileName(path: string): string {
  return path === '-' ? 'stdin' : basename(path, '.json');
}

/**
 * Reads a status document from a file, or from stdin if the path is `-`.
 * @throws UsageError that says why it cannot be read, or names the field that does not fit.
 */
export async function readDocument(path: string): Promise<StatusDocument> {
  const name = path === '-' ? 'the document on stdin' : path;
  return parseDocument(await read(path, name), name);
}

/** Documents of this program have at most 64 KB; older producers wrote a row for each segment of an archive with gaps. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Read as a stream, so that a writer that never ends does not block the time limit and signals. */
async function read(path: string, name: string): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of (path === '-' ? process.stdin : open(path)) as AsyncIterable<Buffer>) {
      size += chunk.length;
      noteRead(chunk.length);
      if (size > MOST_BYTES) throw tooLarge(MOST_BYTES);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw new UsageError(`${name} cannot be read (${whyUnreadable(error)})`);
  }
}

/** A pipe (a shell's `<(…)`) is read as a socket: a thread of the pool that blocks in read(2) would keep the process from exiting. */
function open(path: string): Readable {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  const stats = fstatSync(fd);
  if (stats.isFIFO()) return new Socket({ fd, readable: true });
  if (stats.isFile() && stats.size <= MOST_BYTES) return createReadStream(path, { fd });
  closeSync(fd);
  throw stats.isFile() ? tooLarge(MOST_BYTES) : new UnfitFileError(kindOf(stats));
}
