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
    super(
      `${base} did not answer ${within(endpoint, milliseconds)}: ${whatHangs([endpoint])}, or Patroni itself hangs`,
    );
    this.base = base;
    this.endpoint = endpoint;
    this.milliseconds = milliseconds;
  }
}

/** `/patroni` waits for PostgreSQL, the others for the DCS (api.py). */
function whatHangs(endpoints: readonly Endpoint[]): string {
  const dcs = 'its DCS is slow or gone';
  if (!endpoints.includes('patroni')) return dcs;
  return endpoints.length === 1 ? 'its PostgreSQL hangs' : `its PostgreSQL hangs, and ${dcs}`;
}

const QUESTIONS = 4;

/** Failures of the four questions as few sentences: what failed in the same way is said once. */
export function together(failures: readonly CollectError[]): CollectError[] {
  const late = failures.filter((failure) => failure instanceof NoAnswerError);
  const others = failures.filter((failure) => !(failure instanceof NoAnswerError));
  const byReason = Map.groupBy(others, (failure) =>
    failure instanceof EndpointError ? failure.reason : failure.message,
  );
  const hangs = failures.length === QUESTIONS && failures.every((failure) => failure instanceof TimeLimitError);
  return [...lateTogether(late, hangs), ...[...byReason.values()].flatMap(sameReason)];
}

function lateTogether(late: readonly NoAnswerError[], hangs: boolean): CollectError[] {
  const [first] = late;
  if (first === undefined) return [];
  const questions = late.map(({ endpoint, milliseconds }) => within(endpoint, milliseconds));
  const cause = hangs ? 'Patroni hangs' : whatHangs(late.map(({ endpoint }) => endpoint));
  return [new TimeLimitError(`${first.base} did not answer ${questions.join(', ')}: ${cause}`)];
}

/** One that ended every question alike, for instance because nobody is there, is one failure. */
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
