import { readdirSync } from 'node:fs';
import { test } from 'vitest';
import type { StatusDocument } from '../../src/document/schema.ts';
import { collectWalg, recording, RECORDINGS, replaying, type Recording } from '../stand-ins/walg-run.ts';

/**
 * Runs both collectors with every recorded situation of a real wal-g, without Patroni. The results are in
 * walg-situations/<situation>.txt, once for all versions with the same result.
 */
const versions = readdirSync(RECORDINGS).filter((name) => name.startsWith('v'));
const recordings = versions.flatMap((version) =>
  readdirSync(`${RECORDINGS}/${version}`).map((situation) => recording(version, situation)),
);
// recorded with --timeline and --lsn, which need a Patroni: see test/walg/verify.test.ts
const situations = Map.groupBy(recordings, ({ situation }) => situation);
situations.delete('wal-verify-timeline-and-lsn');

test.concurrent.for([...situations.values()].map((group) => ({ situation: '', ...group[0], group })))(
  '$situation: $description',
  async ({ situation, description, group }, { expect }) => {
    const documents = await Promise.all(group.map(async (it) => ({ ...it, document: await replay(it) })));
    const text = [
      `${situation}: ${description}\n`,
      ...sections(documents, 'walg_backups', ['walg_last_backup', 'walg_backups']),
      ...sections(documents, 'walg_verify', ['walg_timeline', 'walg_integrity']),
    ];
    await expect(text.join('\n')).toMatchFileSnapshot(`walg-situations/${situation}.txt`);
  },
);

/** A short time limit for recordings that hang. */
function replay(recorded: Recording): Promise<StatusDocument> {
  const { collectors, hangs } = recorded;
  return collectWalg({ environment: replaying(recorded), collectors, time: hangs ? 3_000 : 60_000 });
}

type Documents = readonly (Recording & { document: StatusDocument })[];

/** The result of a collector, once for all versions with the same result. */
function sections(
  documents: Documents,
  collector: 'walg_backups' | 'walg_verify',
  keys: readonly (keyof StatusDocument)[],
): string[] {
  const asked = documents.filter(({ collectors }) => collectors.includes(collector));
  const byText = Map.groupBy(asked, ({ document }) =>
    [...keys.map((key) => [key, document[key]]), [`collectors.${collector}`, document.collectors?.[collector]]]
      .map(([key, value]) => `${String(key)}: ${readable(value)}\n`)
      .join('')
      .replace(/"duration_ms":\d+/g, '"duration_ms":0')
      .replace(/within \d+\.\d s/g, 'within … s'),
  );
  return [...byText].map(([text, group]) => `--- ${group.map(({ version }) => version).join(' ')}\n${text}`);
}

/** JSON in which an object with only plain values is on one line: a backup, a row of segments, a run. */
function readable(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null || Object.values(value).every(isPlain)) return JSON.stringify(value);
  const deeper = `${indent}  `;
  const lines = Object.entries(value).map(([key, item]) =>
    Array.isArray(value) ? readable(item, deeper) : `"${key}": ${readable(item, deeper)}`,
  );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open ?? ''}\n${deeper}${lines.join(`,\n${deeper}`)}\n${indent}${close ?? ''}`;
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
