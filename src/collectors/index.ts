import { patroni } from './patroni.ts';
import { walgBackups } from './walg-backups.ts';
import { walgVerify } from './walg-verify.ts';

/** Every collector, under the name that options and the document call it. */
export const collectors = {
  patroni,
  walg_backups: walgBackups,
  walg_verify: walgVerify,
};

export type CollectorName = keyof typeof collectors;

export const collectorNames = Object.keys(collectors) as CollectorName[];
