import * as z from 'zod/mini';
import { statusDocument } from './schema.ts';

/**
 * The JSON Schema of the status document, from the one description of its shape: draft 7, which every validator knows. Keys that it
 * does not name are allowed, for Patroni and WAL-G add some with each version.
 */
export function jsonSchema(): string {
  const { $schema, ...shape } = z.toJSONSchema(statusDocument, { target: 'draft-7' });
  const schema = {
    $schema,
    title: 'postgres-status document',
    description:
      'The state of a PostgreSQL cluster under Patroni and of its WAL-G backups, as postgres-status collected it once.',
    ...shape,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
