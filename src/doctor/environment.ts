import { readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { count, list } from '../text/words.ts';
import { namedStorages } from '../walg/storage.ts';
import type { Check } from './check.ts';
import { failed, ok, type Finding, warning } from './finding.ts';
import type { Subject } from './subject.ts';

/** The WAL-G environment, and the storage that it names. */
export const environment: Check = {
  name: 'environment',
  what: 'the WAL-G environment and the storage that it names',
  hint: 'Run as a user who may read it, usually postgres, and correct the file that the reason names.',
  isDiagnosed: true,
  examine: ({ setUp: { environment: found, walg } }) => {
    if (found.fault !== undefined) return failed(found.fault);
    const { path, variables } = found.value;
    const where =
      path === null
        ? 'there is no WAL-G environment (--env), so wal-g gets the environment of the process'
        : `${path} has ${count(variables.size, 'variable')}`;
    return ofStorage(where, walg.environment, path);
  },
};

function ofStorage(where: string, variables: Subject['setUp']['walg']['environment'], path: string | null): Finding {
  const [first, ...others] = namedStorages(variables);
  if (first === undefined) {
    const file = ownConfiguration(variables);
    if (file !== undefined) return ok(`${where}; no variable names a storage, so wal-g takes that of its file ${file}`);
    const home = path === null ? 'Give the path of the WAL-G environment with --env. It must set' : `Set in ${path}:`;
    return failed(
      `${where}, and no variable in it names a storage`,
      `${home} WALG_S3_PREFIX, WALG_FILE_PREFIX or the prefix of another storage, as in the environment of archive_command.`,
    );
  }
  const storage = `storage: ${first.kind} ${first.prefix} (${first.variable})`;
  if (others.length === 0) return ok(`${where}; ${storage}`);
  return warning(
    `${where}; ${storage}, and also ${list(others.map(({ variable }) => variable))}: wal-g uses the first storage that it finds configured`,
    'Remove the variables of the other storages.',
  );
}

/** WAL-G's own configuration: WALG_CONFIG_PATH (3.0.9), else `.walg.json`, `.walg.yaml` or the like in the home folder of the user. */
function ownConfiguration(variables: Readonly<Record<string, string>>): string | undefined {
  if (variables['WALG_CONFIG_PATH']) return variables['WALG_CONFIG_PATH'];
  try {
    const { homedir } = userInfo();
    const name = readdirSync(homedir).find((file) => file.startsWith('.walg.'));
    return name === undefined ? undefined : `${homedir}/${name}`;
  } catch {
    return undefined;
  }
}
