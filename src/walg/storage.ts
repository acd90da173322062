/** The variables that name a storage, in the order in which WAL-G 3.0.9 checks them (`internal/storage_adapter.go`). */
const STORAGES = [
  ['OSS', /^WAL[GE]_OSS_PREFIX$/],
  ['S3', /^WAL[GE]_S3_PREFIX$/],
  ['folder', /^WAL[GE]_FILE_PREFIX$/],
  ['Google Cloud Storage', /^WAL[GE]_GS_PREFIX$/],
  ['Azure', /^WAL[GE]_AZ_PREFIX$/],
  ['Swift', /^WAL[GE]_SWIFT_PREFIX$/],
  ['SSH', /^WAL[GE]_SSH_PREFIX$/],
] as const;

export interface NamedStorage {
  kind: string;
  variable: string;
  /** The bucket and path, or the folder. */
  prefix: string;
}

/** The storages that these variables name, the one that WAL-G uses first. */
export function namedStorages(environment: Readonly<Record<string, string>>): NamedStorage[] {
  return STORAGES.flatMap(([kind, pattern]) =>
    Object.entries(environment)
      .filter(([variable, prefix]) => pattern.test(variable) && prefix !== '')
      .map(([variable, prefix]) => ({ kind, variable, prefix })),
  );
}
