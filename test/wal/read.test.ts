import { expect, test } from 'vitest';
import { fitDocument, MOST_BYTES } from '../../src/document/fit.ts';
import type { StatusDocument } from '../../src/document/schema.ts';
import { formatPrometheus, formatReport } from '../stand-ins/formats.ts';
import { judge } from '../../src/health/index.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import { withWal } from '../../src/wal/read.ts';
import { documentWith, ended, integrity, node, NOW, type Row } from '../stand-ins/builders.ts';
import { oneCluster } from '../stand-ins/clusters.ts';

const segment = (timeline: number, number: number) =>
  [timeline, Math.floor(number / 256), number % 256]
    .map((part) => part.toString(16).toUpperCase().padStart(8, '0'))
    .join('');

/** A flapping archiver: every second range is missing, one segment each. */
function flapping(count: number, timelineOf: (index: number) => number = () => 1): Row[] {
  return Array.from({ length: count }, (_, index): Row => {
    const name = segment(timelineOf(index), index);
    return [name, name, 1, index % 2 === 0 ? 'FOUND' : 'MISSING_LOST'];
  });
}

const judged = (document: StatusDocument): StatusDocument => ({
  ...document,
  health: judge(document, defaultThresholds, NOW),
});

test.each([
  ['holes before and after the newest full backup', documentWith(integrity('FAILURE', ...flapping(1200)))],
  [
    'a promotion for every second segment',
    documentWith(integrity('FAILURE', ...flapping(1200, (index) => Math.floor(index / 2) + 1))),
  ],
  [
    'very many segments in doubt',
    documentWith({
      ...integrity('FAILURE', ...flapping(1200, () => 3)),
      node: node({ timeline: 3 }),
      failovers: [ended(1, '1/0', 600), ended(2, '2/0', 500)],
    }),
  ],
  [
    'the history is missing',
    documentWith({ ...integrity('FAILURE', ...flapping(1200, () => 3)), node: node({ timeline: 3 }), failovers: null }),
  ],
])('a document that was cut is judged as the whole one: %s', (_situation, document) => {
  const whole = judged(withWal(document));
  const cut = fitDocument(whole);
  expect(cut.walg_integrity?.integrity.details_left_out).toBeDefined();
  expect(Buffer.byteLength(JSON.stringify(cut))).toBeLessThanOrEqual(MOST_BYTES);
  const readBack = JSON.parse(JSON.stringify(cut)) as StatusDocument;
  expect(judge(readBack, defaultThresholds, NOW)).toEqual(whole.health);
  for (const format of [formatPrometheus, formatReport]) {
    const rendering = { columns: 100, colour: false, now: NOW, walgCompat: true };
    const [ofWhole, ofCut] = [whole, judged(readBack)].map((one) =>
      format(oneCluster(one), rendering).replaceAll(/^.*left_out.*$/gm, ''),
    );
    expect(ofCut).toBe(ofWhole);
  }
});

test('facts from the whole listing', () => {
  const document = documentWith(
    integrity(
      'FAILURE',
      [segment(1, 2), segment(1, 4), 3, 'FOUND'],
      [segment(1, 5), segment(1, 6), 2, 'MISSING_LOST'],
      [segment(1, 7), segment(1, 0x20), 26, 'FOUND'],
      [segment(1, 0x21), segment(1, 0x21), 1, 'MISSING_UPLOADING'],
    ),
  );
  const none = { segments: 0, ranges: 0 };
  const sums = {
    found: { segments: 29, ranges: 2 },
    lost: { segments: 2, ranges: 1 },
    waiting: { segments: 1, ranges: 1 },
    doubtful: none,
  };
  const range = (fate: string, first: number, last: number, status: string) => ({
    timeline: 1,
    fate,
    start_segment: segment(1, first),
    end_segment: segment(1, last),
    segments: last - first + 1,
    status,
  });
  expect(withWal(document).wal).toEqual({
    segment_size: 16_777_216,
    segment_size_from: 'backups',
    first_segment: segment(1, 2),
    last_segment: segment(1, 0x21),
    newest_found: segment(1, 0x20),
    ...sums,
    // the newest backup begins in 0F
    lost_since_backup: none,
    timelines: [{ timeline: 1, ...sums, statuses: { FOUND: 29, MISSING_LOST: 2, MISSING_UPLOADING: 1 } }],
    ranges: [
      range('waiting', 0x21, 0x21, 'MISSING_UPLOADING'),
      range('found', 7, 0x20, 'FOUND'),
      { ...range('lost', 5, 6, 'MISSING_LOST'), later_found: true },
      range('found', 2, 4, 'FOUND'),
    ],
  });
});

test('an answer that is already in the document is kept', () => {
  const document = withWal(documentWith(integrity('FAILURE', ...flapping(10))));
  const cut = { ...document, walg_integrity: { integrity: { status: 'FAILURE', details: [] } } };
  expect(withWal(cut).wal).toBe(document.wal);
  expect(withWal(documentWith({ walg_integrity: null }))).not.toHaveProperty('wal');
});

test('a hundred thousand rows and the largest number of switches do not take quadratic time', () => {
  const failovers = Array.from({ length: 10_000 }, (_, index) =>
    ended(index + 1, `${Math.floor(index / 26).toString(16)}/${((index % 26) * 10 + 5).toString(16)}000000`, 600),
  );
  const document = documentWith({
    ...integrity('FAILURE', ...flapping(100_000)),
    node: node({ timeline: 10_001 }),
    failovers,
  });
  const started = performance.now();
  const health = judge(withWal(document), defaultThresholds, NOW);
  expect(performance.now() - started).toBeLessThan(5000);
  expect(health.checks.find(({ name }) => name === 'wal_integrity')?.status).toBe('critical');
});
