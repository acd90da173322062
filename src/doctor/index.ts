import type { Check } from './check.ts';
import { clocks } from './clocks.ts';
import { collectors } from './collectors.ts';
import { configmap } from './configmap.ts';
import { cron } from './cron.ts';
import { environment } from './environment.ts';
import { kubectl } from './kubectl.ts';
import { options } from './options.ts';
import { patroni } from './patroni.ts';
import { postgresql } from './postgresql.ts';
import { storage } from './storage.ts';
import { timeLimit } from './time-limit.ts';
import { patroniTls } from './tls.ts';
import { walG } from './wal-g.ts';

/** All checks, in the order in which they are shown: what others need comes before them. */
export const checks: readonly Check[] = [
  options,
  environment,
  walG,
  storage,
  patroniTls,
  patroni,
  postgresql,
  collectors,
  kubectl,
  configmap,
  clocks,
  timeLimit,
  cron,
];
