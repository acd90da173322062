import { readdirSync } from 'node:fs';
import { test } from 'vitest';
import type { StatusDocument } from '../../src/document/schema.ts';
import { collectWalg, recording, RECORDINGS, replaying, type Recording } from '../stand-ins/walg-run.ts';

/**
 * Every situation in which a real wal-g was recorded, through both collectors, without Patroni. What the document says about it is in
 * walg-situations/<situation>.txt, once for all versions that lead to the same.
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

/** Whoever hangs is not waited for long. */
function replay(recorded: Recording): Promise<StatusDocument> {
  const { collectors, hangs } = recorded;
  return collectWalg({ environment: replaying(recorded), collectors, time: hangs ? 3_000 : 60_000 });
}

type Documents = readonly (Recording & { document: StatusDocument })[];

/** What a collector brought, once for all versions with which it brought the same. */
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

/** JSON that is cut into lines down to what holds only plain values: a backup, a row of segments and a run are one line each. */
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
