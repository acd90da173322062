import { UsageError } from '../errors.ts';
import { readTls, type Tls } from '../patroni/tls.ts';
import type { OptionName } from './definitions.ts';
import type { LookUp } from './look-up.ts';
import { parseSwitch } from './values.ts';

/**
 * The files of the options, else those that patronictl would use. The variables of patronictl may be set on a host without these files:
 * if no URL is https, unusable files of variables are ignored.
 */
export function resolveTls(lookUp: LookUp, urls: readonly URL[]): Tls {
  const { option, variable } = lookUp;
  const passphrase = variable('PATRONI_CTL_KEYFILE_PASSWORD', String);
  const insecure = option('patroniInsecure', parseSwitch) ?? variable('PATRONI_CTL_INSECURE', parseSwitch) ?? false;
  try {
    return readTls(namedFiles(lookUp, VARIABLES), passphrase, insecure);
  } catch (error) {
    if (!(error instanceof UsageError) || urls.some(({ protocol }) => protocol === 'https:')) throw error;
    return readTls(namedFiles(lookUp, {}), passphrase, insecure);
  }
}

const OPTIONS = { ca: 'patroniCaCert', cert: 'patroniCert', key: 'patroniKey' } as const satisfies Record<
  string,
  OptionName
>;
type File = keyof typeof OPTIONS;

const VARIABLES: Readonly<Record<File, readonly string[]>> = {
  ca: ['PATRONI_CTL_CACERT', 'PATRONI_RESTAPI_CAFILE'],
  cert: ['PATRONI_CTL_CERTFILE'],
  key: ['PATRONI_CTL_KEYFILE'],
};

function namedFiles({ option, variable }: LookUp, variables: Partial<typeof VARIABLES>): Partial<Record<File, string>> {
  const named = Object.entries(OPTIONS).map(([file, name]) => {
    const others = variables[file as File] ?? [];
    const path = others.reduce((found, other) => found ?? variable(other, String), option(name, String));
    return [file, path] as const;
  });
  return Object.fromEntries(named.filter(([, path]) => path !== undefined));
}
