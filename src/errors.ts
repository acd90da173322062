/** What the user asked for cannot be done as it stands: nothing ran, exit status 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** One way in which a collector did not get what it was after. */
export class CollectError extends Error {
  override name = 'CollectError';
}

/** A collector's question was still open when its time was up. */
export class TimeLimitError extends CollectError {
  override name = 'TimeLimitError';
}

/** Text could not be put where it was asked to go: exit status 3. */
export class DeliveryError extends Error {
  override name = 'DeliveryError';
}

/** It was foreseen, and its message says what to do; anything else that is thrown is a bug. */
export function isForeseen(thrown: unknown): boolean {
  return thrown instanceof UsageError || thrown instanceof CollectError || thrown instanceof DeliveryError;
}

/** What was thrown, as an Error: JavaScript lets anything be thrown. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

export function asCollectError(thrown: unknown): CollectError {
  return thrown instanceof CollectError ? thrown : new CollectError(asError(thrown).message);
}

/** Several failures as one, with all that they say; a single one stays what it is. */
export function joinErrors(errors: readonly Error[]): CollectError {
  const [only, ...others] = errors;
  if (only instanceof CollectError && others.length === 0) return only;
  const message = errors.map((error) => error.message).join('; ');
  return errors.some((error) => error instanceof TimeLimitError)
    ? new TimeLimitError(message)
    : new CollectError(message);
}

/** The `code` of a Node.js system error (`ENOENT`, `ECONNREFUSED`, …), if it has one. */
export function errorCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
