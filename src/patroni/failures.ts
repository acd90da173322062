import { CollectError, TimeLimitError } from '../errors.ts';

export type Endpoint = 'patroni' | 'config' | 'cluster' | 'history';

/** One question that got no usable answer, and why, in words that follow its URL. */
export class EndpointError extends CollectError {
  override name = 'EndpointError';
  readonly base: string;
  readonly endpoint: Endpoint;
  readonly reason: string;

  constructor(base: string, endpoint: Endpoint, reason: string) {
    super(`${base}/${endpoint}: ${reason}`);
    this.base = base;
    this.endpoint = endpoint;
    this.reason = reason;
  }
}

/** There is no Patroni at that URL: asking it the other questions would bring the same failure. */
export class NoPatroniError extends EndpointError {
  override name = 'NoPatroniError';
}

/** The connection was accepted, and closed before anything came. */
export class ClosedError extends EndpointError {
  override name = 'ClosedError';
}

/** A question that was still open when its time was up. */
export class NoAnswerError extends TimeLimitError {
  override name = 'NoAnswerError';
  readonly base: string;
  readonly endpoint: Endpoint;
  readonly milliseconds: number;

  constructor(base: string, endpoint: Endpoint, milliseconds: number) {
    super(`${base} did not answer ${open(endpoint, milliseconds)}: ${HANGING[endpoint]}`);
    this.base = base;
    this.endpoint = endpoint;
    this.milliseconds = milliseconds;
  }
}

/** What hangs when only this endpoint does: `/patroni` asks PostgreSQL, the others the DCS (api.py). */
const HANGING: Record<Endpoint, string> = {
  patroni: 'its PostgreSQL hangs, or Patroni itself',
  config: 'its DCS is slow or gone, or Patroni itself hangs',
  cluster: 'its DCS is slow or gone, or Patroni itself hangs',
  history: 'its DCS is slow or gone, or Patroni itself hangs',
};

/** Failures of the four questions as few sentences: what failed in the same way is said once. */
export function together(failures: readonly CollectError[]): CollectError[] {
  const late = failures.filter((failure) => failure instanceof NoAnswerError);
  const reasons = new Map<string, CollectError[]>();
  for (const failure of failures) {
    if (failure instanceof NoAnswerError) continue;
    const reason = failure instanceof EndpointError ? failure.reason : failure.message;
    reasons.set(reason, [...(reasons.get(reason) ?? []), failure]);
  }
  return [...(late.length === 0 ? [] : [lateTogether(late)]), ...[...reasons.values()].map(sameReason)];
}

function lateTogether(late: readonly NoAnswerError[]): CollectError {
  const [first, second] = late;
  if (first === undefined || second === undefined) return first ?? new TimeLimitError('time ran out');
  const questions = late.map(({ endpoint, milliseconds }) => open(endpoint, milliseconds));
  const cause = first.endpoint === 'patroni' ? 'Patroni hangs, or its PostgreSQL and its DCS' : HANGING[first.endpoint];
  return new TimeLimitError(`${first.base} did not answer ${questions.join(', ')}: ${cause}`);
}

function sameReason(failures: readonly CollectError[]): CollectError {
  const [first] = failures;
  const endpoints = new Set(failures.flatMap((failure) => (failure instanceof EndpointError ? failure.endpoint : [])));
  if (!(first instanceof EndpointError) || endpoints.size < 2) return first ?? new CollectError('no answer');
  return new CollectError(`${first.base}/${[...endpoints].join(', /')}: ${first.reason}`);
}

function open(endpoint: Endpoint, milliseconds: number): string {
  return `/${endpoint} within ${seconds(milliseconds)}`;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
