import * as z from 'zod/mini';
import { asError } from '../errors.ts';
import { parseDuration, parseSize } from '../text/parse-units.ts';
import { missedBackups } from './missed-backups.ts';

/** A value with a unit; the error of the parser becomes the message of the issue. */
function parsed(parse: (text: string) => number) {
  return z.pipe(
    z.union([z.string(), z.number()]),
    z.transform((value: string | number, context) => {
      try {
        return parse(String(value));
      } catch (error) {
        context.issues.push({
          code: 'custom',
          input: value,
          message: `"${value}" ${asError(error).message}`,
        });
        return z.NEVER;
      }
    }),
  );
}

const duration = () => parsed(parseDuration);
const size = () => parsed(parseSize);
const number = () => z.int().check(z.nonnegative('it is less than 0'));

/** The thresholds of the YAML file, each of which may be left out. */
export const thresholdsFile = z.strictObject({
  lag_max: z.optional(size()),
  backup_max_age: z.optional(z.strictObject({ warning: z.optional(duration()), critical: z.optional(duration()) })),
  missed_backups: z.optional(z.enum(missedBackups)),
  wal_delay_max: z.optional(z.strictObject({ warning: z.optional(number()), critical: z.optional(number()) })),
  wal_age_max: z.optional(duration()),
  recovery_window: z.optional(duration()),
  failovers_max: z.optional(number()),
  replay_lag_max: z.optional(size()),
  members_min: z.optional(number()),
  standby_age_max: z.optional(duration()),
  ignore_standbys: z.optional(z.array(z.string().check(z.minLength(1, 'it is empty')))),
});

export type ThresholdsFile = z.infer<typeof thresholdsFile>;
