import * as z from 'zod/mini';
import { statusDocument } from './schema.ts';

/**
 * The JSON Schema of the status document: draft 7, which every validator supports. Keys that it does not name are allowed, because Patroni
 * and WAL-G add some with each version.
 */
export function jsonSchema(): string {
  const { $schema, ...shape } = z.toJSONSchema(statusDocument, { target: 'draft-7' });
  const schema = {
    $schema,
    title: 'postgres-status document',
    description:
      'The state of a PostgreSQL cluster under Patroni and of its WAL-G backups, collected by one run of postgres-status.',
    ...shape,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
