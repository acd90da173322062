import { inject } from 'vitest';
import { tryEveryInput } from '../hostile/suite.ts';

/** The built command, with stand-ins for Patroni and WAL-G that send hostile replies. */
tryEveryInput(() => [inject('postgresStatus')]);
