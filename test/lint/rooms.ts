/**
 * The folders of src/ ("rooms") that a room may import besides itself. Data flows in one direction: options, sources, document, health,
 * formats, deliveries. A room for an external system does not import its users. `errors.ts` and the like are files of src/ itself.
 */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  text: ['errors.ts'],
  system: ['text', 'errors.ts'],
  document: ['text', 'errors.ts'],
  wal: ['document', 'text', 'errors.ts'],
  health: ['document', 'wal', 'text', 'errors.ts'],
  formats: ['document', 'wal', 'health', 'text', 'errors.ts', 'generator.ts'],
  patroni: ['document', 'wal', 'system', 'text', 'errors.ts'],
  walg: ['document', 'wal', 'patroni', 'system', 'text', 'errors.ts'],
  kubectl: ['document', 'system', 'text', 'errors.ts'],
  collectors: ['patroni', 'walg', 'document', 'wal', 'system', 'text', 'errors.ts'],
  sources: [
    ...['collectors', 'patroni', 'walg', 'kubectl', 'document', 'wal', 'system', 'text'],
    ...['errors.ts', 'generator.ts', 'world.ts'],
  ],
  deliveries: ['formats', 'kubectl', 'document', 'system', 'text', 'errors.ts'],
  doctor: [
    ...['deliveries', 'sources', 'collectors', 'patroni', 'walg', 'kubectl', 'formats', 'document', 'wal'],
    ...['system', 'text', 'errors.ts', 'generator.ts', 'world.ts'],
  ],
  options: [
    ...[
      'doctor',
      'deliveries',
      'sources',
      'collectors',
      'patroni',
      'walg',
      'kubectl',
      'formats',
      'health',
      'document',
      'wal',
    ],
    ...['system', 'text', 'errors.ts', 'generator.ts'],
  ],
};

/** The files that tell a run: they may import any room, and only they may import `options/`. */
export const BEGINNINGS: readonly string[] = ['cli.ts', 'main.ts', 'run.ts', 'see.ts'];
/** The files of src/ that rooms import, and what they import themselves. */
const GROUND_FLOOR: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  'generator.ts': [],
  'world.ts': ['system', 'text'],
};

/** `src/wal/lsn.ts` is in the room `wal`; a file of src/ itself is a room of its own. `path` begins below src/. */
export function roomOf(path: string): string {
  return path.split('/')[0] ?? '';
}

/** Why a file may not import another one; undefined = it may. Both paths begin below src/. */
export function forbidden(from: string, to: string): string | undefined {
  const [room, other] = [roomOf(from), roomOf(to)];
  if (room === other || BEGINNINGS.includes(room)) return undefined;
  const allowed = MAY_IMPORT[room] ?? GROUND_FLOOR[room];
  if (allowed === undefined) return `src/${room} is not in the table of test/lint/rooms.ts`;
  return allowed.includes(other) ? undefined : `src/${room} must not import src/${other} (test/lint/rooms.ts)`;
}
