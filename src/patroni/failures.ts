import { CollectError, TimeLimitError } from '../errors.ts';

export type Endpoint = 'patroni' | 'config' | 'cluster' | 'history';

/** How a request failed. `foreign` = something else than Patroni answered. */
export type Met = 'refused' | 'closed' | 'timed_out' | 'unreachable' | 'foreign';

/** A problem, and its usual cause or what to do about it. */
export interface Reason {
  problem: string;
  advice?: string | undefined;
  met: Met;
}

/** A request without a usable answer, and why, in words that follow its URL. */
export class EndpointError extends CollectError {
  override name = 'EndpointError';
  readonly base: string;
  readonly endpoint: Endpoint;
  readonly problem: string;
  /** The problem with the advice. */
  readonly reason: string;
  readonly met: Met;

  constructor(base: string, endpoint: Endpoint, { problem, advice, met }: Reason) {
    const reason = advice === undefined ? problem : `${problem}: ${advice}`;
    super(`${base}/${endpoint}: ${reason}`);
    this.base = base;
    this.endpoint = endpoint;
    this.problem = problem;
    this.reason = reason;
    this.met = met;
  }
}

/** There is no Patroni at that URL: other requests would fail in the same way. */
export class NoPatroniError extends EndpointError {
  override name = 'NoPatroniError';
}

/** The connection was accepted, and closed without a reply. */
export class ClosedError extends EndpointError {
  override name = 'ClosedError';
}

/** A request that was not answered within its time limit. */
export class NoAnswerError extends TimeLimitError {
  override name = 'NoAnswerError';
  readonly base: string;
  readonly endpoint: Endpoint;
  readonly milliseconds: number;

  constructor(base: string, endpoint: Endpoint, milliseconds: number) {
    super(
      `${base} did not answer ${within(endpoint, milliseconds)}: either ${whatHangs([endpoint])}, or Patroni itself hangs`,
    );
    this.base = base;
    this.endpoint = endpoint;
    this.milliseconds = milliseconds;
  }
}

/** A request that two members failed to answer. */
export class BothFailedError extends CollectError {
  override name = 'BothFailedError';
  readonly failures: readonly CollectError[];

  constructor(failures: readonly CollectError[]) {
    super(failures.map(({ message }) => message).join('; '));
    this.failures = failures;
  }
}

/**
 * Whether the request was accepted and not answered, as when the DCS is unreachable: Patroni keeps the connection for its retry_timeout
 * and closes it without a reply (README.md, "HTTP").
 */
export function isUnanswered(thrown: unknown): boolean {
  if (thrown instanceof BothFailedError) return thrown.failures.every(isUnanswered);
  return thrown instanceof ClosedError || thrown instanceof NoAnswerError;
}

/** `/patroni` waits for PostgreSQL, the other endpoints for the DCS (api.py). */
function whatHangs(endpoints: readonly Endpoint[]): string {
  const dcs = 'its DCS is slow or unreachable';
  if (!endpoints.includes('patroni')) return dcs;
  return endpoints.length === 1 ? 'its PostgreSQL hangs' : `its PostgreSQL hangs, and ${dcs}`;
}

const QUESTIONS = 4;

/** Merges the failures of the four requests: the same failure of one member is reported once. */
export function together(thrown: readonly CollectError[]): CollectError[] {
  const failures = thrown.flatMap((failure) => (failure instanceof BothFailedError ? failure.failures : [failure]));
  const late = failures.filter((failure) => failure instanceof NoAnswerError);
  const others = failures.filter((failure) => !(failure instanceof NoAnswerError));
  const byReason = Map.groupBy(others, (failure) =>
    failure instanceof EndpointError ? `${failure.base} ${failure.reason}` : failure.message,
  );
  const hangs = failures.length === QUESTIONS && failures.every((failure) => failure instanceof TimeLimitError);
  return [
    ...[...Map.groupBy(late, ({ base }) => base).values()].flatMap((each) => lateTogether(each, hangs)),
    ...[...byReason.values()].flatMap(sameReason),
  ];
}

function lateTogether(late: readonly NoAnswerError[], hangs: boolean): CollectError[] {
  const [first] = late;
  if (first === undefined) return [];
  const questions = [...new Map(late.map((failure) => [failure.endpoint, failure])).values()].map(
    ({ endpoint, milliseconds }) => within(endpoint, milliseconds),
  );
  const cause = hangs ? 'Patroni hangs' : whatHangs(late.map(({ endpoint }) => endpoint));
  return [new TimeLimitError(`${first.base} did not answer ${questions.join(', ')}: ${cause}`)];
}

/** The same reason for several endpoints, for instance a refused connection, becomes one failure. */
function sameReason([first, ...others]: readonly CollectError[]): CollectError[] {
  if (!(first instanceof EndpointError)) return first === undefined ? [] : [first];
  const endpoints = new Set(
    [first, ...others.filter((other) => other instanceof EndpointError)].map((each) => each.endpoint),
  );
  return endpoints.size === 1
    ? [first]
    : [new CollectError(`${first.base}/${[...endpoints].join(', /')}: ${first.reason}`)];
}

function within(endpoint: Endpoint, milliseconds: number): string {
  return `/${endpoint} within ${seconds(milliseconds)}`;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
