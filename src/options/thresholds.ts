import { asError, UsageError } from '../errors.ts';
import { defaultThresholds, overlayThresholds, type Thresholds } from '../health/thresholds.ts';
import type { ThresholdsFile } from '../health/thresholds-file.ts';
import { readBounded, whyUnreadable } from '../system/bounded-file.ts';
import { fit } from '../text/json.ts';

/** The sources of thresholds besides the defaults: options override the file. */
export interface ThresholdSources {
  /** The path of the YAML file. */
  file: string | undefined;
  options: ThresholdsFile;
}

/** The effective thresholds. @throws UsageError that names the file and key, or the two thresholds that contradict each other. */
export async function loadThresholds({ file, options }: ThresholdSources): Promise<Thresholds> {
  const fromFile = file === undefined ? {} : await readConfig(file);
  const thresholds = overlayThresholds(overlayThresholds(defaultThresholds, fromFile), options);
  checkOrder('backup_max_age (--backup-max-age)', thresholds.backupMaxAge);
  checkOrder('wal_delay_max (--wal-delay-max)', thresholds.walDelayMax);
  return thresholds;
}

async function readConfig(path: string): Promise<ThresholdsFile> {
  const value = await parseYaml(read(path), path);
  const { thresholdsFile } = await import('../health/thresholds-file.ts');
  try {
    // an empty file, or one with only comments, is null
    return fit(thresholdsFile, value ?? {}, path, 'the file');
  } catch (error) {
    throw new UsageError(`--config ${asError(error).message}`);
  }
}

/** Keeps only the first line of yaml's message, which goes on with a drawing of the place. */
async function parseYaml(text: string, path: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(text, { logLevel: 'error' });
  } catch (error) {
    const [sentence = ''] = asError(error).message.split(/:?\n/, 1);
    throw new UsageError(`--config ${path} is not YAML: ${sentence}`);
  }
}

/** It has a handful of keys. */
const MOST_BYTES = 64 * 1024;

function read(path: string): string {
  try {
    return readBounded(path, MOST_BYTES).toString('utf8');
  } catch (error) {
    throw new UsageError(`--config ${path} cannot be read (${whyUnreadable(error)})`);
  }
}

function checkOrder(name: string, { warning, critical }: { warning: number | undefined; critical: number }): void {
  if (warning !== undefined && warning > critical)
    throw new UsageError(`${name}: the warning threshold is above the critical one: set both`);
}
