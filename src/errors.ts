import { getSystemErrorMessage } from 'node:util';

/** An error in the options, variables or files of the user: nothing ran, exit status 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Why a collector could not get a part of the document. */
export class CollectError extends Error {
  override name = 'CollectError';
  /** The innermost cause in a few words, which the message begins with; undefined = it was not recognized. */
  readonly shortCause: string | undefined;

  constructor(message: string, shortCause?: string) {
    super(message);
    this.shortCause = shortCause;
  }
}

/** A collector's request was not answered within its time limit. */
export class TimeLimitError extends CollectError {
  override name = 'TimeLimitError';
}

/** A text could not be delivered to a destination: exit status 3, except for a ping. */
export class DeliveryError extends Error {
  override name = 'DeliveryError';
}

/** A ConfigMap was refused with labels, and may be accepted without; the message says why, for when it was. */
export class LabelsError extends DeliveryError {
  override name = 'LabelsError';
}

/** An expected error, with a message for the user; any other is a bug in this program. */
export function isForeseen(thrown: unknown): boolean {
  return thrown instanceof UsageError || thrown instanceof CollectError || thrown instanceof DeliveryError;
}

/** What was thrown as an Error: in JavaScript any value can be thrown. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

export function asCollectError(thrown: unknown): CollectError {
  return thrown instanceof CollectError ? thrown : new CollectError(asError(thrown).message);
}

/** Several failures as one, with all their messages; a single one is returned unchanged. */
export function joinErrors(errors: readonly Error[]): CollectError {
  const [only, ...others] = errors;
  if (only instanceof CollectError && others.length === 0) return only;
  const message = errors.map((error) => error.message).join('; ');
  const shortCause = only instanceof CollectError ? only.shortCause : undefined;
  return errors.some((error) => error instanceof TimeLimitError)
    ? new TimeLimitError(message, shortCause)
    : new CollectError(message, shortCause);
}

/** The `code` of a Node.js system error (`ENOENT`, `ECONNREFUSED`, …), if it has one. */
export function errorCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** The sentence of the operating system for a failed system call (`permission denied`); else the code or the text of the error. */
export function systemReason(thrown: unknown): string {
  const errno = typeof thrown === 'object' && thrown !== null && 'errno' in thrown ? thrown.errno : undefined;
  return typeof errno === 'number' ? getSystemErrorMessage(errno) : (errorCode(thrown) ?? asError(thrown).message);
}
