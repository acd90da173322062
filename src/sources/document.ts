import { fit, parseJson } from '../text/json.ts';
import { statusDocument, type StatusDocument } from '../document/schema.ts';
import { asError, UsageError } from '../errors.ts';
import { BoundError } from '../text/bounds.ts';
import { quickFit, type QuickFit } from '../text/quick-fit.ts';

/**
 * Reads a status document of any version of this program, or only the seven contract keys of older producers. The document is validated
 * and returned unchanged, so keys of newer versions are kept.
 * @param name what it is called in errors
 * @throws UsageError that names the field that does not fit.
 */
export function parseDocument(json: string, name: string): StatusDocument {
  const document = readQuickly(json);
  if (document !== undefined) return document;
  const value = parse(json, name);
  try {
    fit(statusDocument, value, name, 'it');
  } catch (error) {
    throw new UsageError(`${asError(error).message}: this is not a status document`);
  }
  return value as StatusDocument;
}

/** The size limit of a ConfigMap. Parsed, such a text takes at most some tens of megabytes. */
const MOST_QUICK = 1024 * 1024;

/** Made on first use. */
let isDocument: QuickFit | undefined;

/** Reads a usual document in a third of the time. undefined = it must be read strictly, which explains what is wrong. */
function readQuickly(json: string): StatusDocument | undefined {
  if (json.length > MOST_QUICK) return undefined;
  isDocument ??= quickFit(statusDocument);
  try {
    const value: unknown = JSON.parse(json);
    return isDocument(value) ? (value as StatusDocument) : undefined;
  } catch {
    return undefined;
  }
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
