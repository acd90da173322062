import { fit, parseJson } from '../text/json.ts';
import { statusDocument, type StatusDocument } from '../document/schema.ts';
import { asError, UsageError } from '../errors.ts';
import { BoundError } from '../text/bounds.ts';

/**
 * Reads a status document of any version of this program, or only the seven contract keys of older producers. The document is validated
 * and returned unchanged, so keys of newer versions are kept.
 * @param name what it is called in errors
 * @throws UsageError that names the field that does not fit.
 */
export function parseDocument(json: string, name: string): StatusDocument {
  const value = parse(json, name);
  try {
    fit(statusDocument, value, name, 'it');
  } catch (error) {
    throw new UsageError(`${asError(error).message}: this is not a status document`);
  }
  return value as StatusDocument;
}

/** The same limit as for the rows of wal-verify. */
const MOST_ELEMENTS = 100_000;

function parse(json: string, name: string): unknown {
  try {
    return parseJson(json, { elements: MOST_ELEMENTS });
  } catch (error) {
    if (error instanceof BoundError) throw new UsageError(`${name}: ${error.message}`);
    throw new UsageError(`${name} is not JSON${json.trim() === '' ? ': it is empty' : ''}`);
  }
}
