import { readFileSync } from 'node:fs';
import { statusDocument, type StatusDocument } from '../document/schema.ts';
import { asError, errorCode, UsageError } from '../errors.ts';
import { fit, parseJson } from '../system/json.ts';
import type { Source } from './source.ts';

/** The document that --input names. */
export const readSaved: Source = (settings) => Promise.resolve({ document: readDocument(settings.input ?? '-') });

/**
 * Reads a status document from a file, or from stdin where the path is `-`: this program's own, of any version, or the seven contract
 * keys alone, as older producers write them. It is checked and comes back as it was: nothing that a newer producer added is dropped.
 * @throws UsageError that says which field does not fit.
 */
export function readDocument(path: string): StatusDocument {
  const name = path === '-' ? 'the document on stdin' : path;
  const value = parse(read(path, name), name);
  try {
    fit(statusDocument, value, name);
  } catch (error) {
    throw new UsageError(`${asError(error).message}: that is no status document`);
  }
  return value as StatusDocument;
}

function read(path: string, name: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new UsageError(`${name} cannot be read (${errorCode(error) ?? String(error)})`);
  }
}

function parse(text: string, name: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw new UsageError(`${name} is no JSON${text.trim() === '' ? ': it is empty' : ''}`);
  }
}
