import { expect, test } from 'vitest';
import type { Collector, Findings, Sources } from '../../src/collectors/collector.ts';
import { execute } from '../../src/collectors/execute.ts';
import type { StatusDocument } from '../../src/document/schema.ts';
import { CollectError, TimeLimitError } from '../../src/errors.ts';

type Part = Pick<StatusDocument, 'patroni_archive_enabled'>;

const UNKNOWN: Part = { patroni_archive_enabled: null };
const BROUGHT: Part = { patroni_archive_enabled: true };
const NEVER = new Promise<never>(() => undefined);

/** Runs a collector with this function and this many milliseconds left. */
function executed(collect: () => Promise<Findings<Part>>, milliseconds = 30_000) {
  const collector: Collector<Part> = { unknown: UNKNOWN, collect };
  const redact = (text: string) => text.replaceAll('hunter2', '***');
  return execute(collector, {} as Sources, { remaining: () => milliseconds }, redact, 1_795_209_000);
}

const found = (...failures: Error[]) => Promise.resolve({ part: BROUGHT, failures });
const failed = (error: unknown) => async (): Promise<never> => {
  await Promise.resolve();
  throw error;
};

const WELL = { ok: true, partial: false, error: null, timed_out: false, collected_at: 1_795_209_000 };
const FAILED = { ...WELL, ok: false, collected_at: null };

test.for<[situation: string, collect: () => Promise<Findings<Part>>, part: Part, run: object]>([
  ['returns everything', () => found(), BROUGHT, WELL],
  [
    'returns a partial result',
    () => found(new CollectError('a is missing')),
    BROUGHT,
    { ...WELL, ok: false, partial: true, error: 'a is missing' },
  ],
  [
    'fails in two ways',
    () => found(new CollectError('a is missing'), new TimeLimitError('b is late')),
    BROUGHT,
    { ...WELL, ok: false, partial: true, error: 'a is missing; b is late', timed_out: true },
  ],
  ['returns nothing', failed(new CollectError('nobody there')), UNKNOWN, { ...FAILED, error: 'nobody there' }],
  [
    'returns nothing in time',
    failed(new TimeLimitError('no answer')),
    UNKNOWN,
    { ...FAILED, error: 'no answer', timed_out: true },
  ],
  ['has a bug', failed(new TypeError('x is not a function')), UNKNOWN, { ...FAILED, error: 'x is not a function' }],
  ['throws a value that is not an Error', failed('plain text'), UNKNOWN, { ...FAILED, error: 'plain text' }],
  [
    'throws a message with several lines and colours',
    failed(new CollectError('first\n\tsecond \u001b[31mred')),
    UNKNOWN,
    { ...FAILED, error: 'first second [31mred' },
  ],
  [
    'says a secret',
    failed(new CollectError('password hunter2 refused')),
    UNKNOWN,
    { ...FAILED, error: 'password *** refused' },
  ],
  ['says too much', failed(new CollectError('x'.repeat(5_000))), UNKNOWN, { ...FAILED, error: 'x'.repeat(600) }],
])('a collector that %s', async ([, collect, part, run]) => {
  const outcome = await executed(collect);
  expect(outcome).toEqual({ part, run: { ...run, duration_ms: expect.any(Number) as number } });
  expect(Number.isInteger(outcome.run.duration_ms)).toBe(true);
});

test('the run does not wait for a collector that exceeds its time limit', async () => {
  expect(await executed(() => NEVER, 50)).toEqual({
    part: UNKNOWN,
    run: { ...FAILED, error: 'did not finish in time', timed_out: true, duration_ms: expect.any(Number) as number },
  });
});
