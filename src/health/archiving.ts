import { lockHolders } from '../document/members.ts';
import { pendingChanges } from '../document/plans.ts';
import type { StatusDocument } from '../document/schema.ts';
import { isStandbyCluster } from '../document/state.ts';
import { worst } from '../document/status.ts';
import { archivingAge } from './archiving-age.ts';
import { type Check, type Finding, finding } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';

/**
 * Is PostgreSQL configured to archive its WAL, and does the WAL arrive? A running value counts before the configured one; the age of WAL
 * that is not archived is judged as well.
 */
export const archiving: Check = (situation) => {
  const { document } = situation;
  if (isSkipped(document, 'patroni')) return undefined;
  if (isStandbyCluster(document) && !isAlways(document))
    return finding('ok', 'not judged: a standby cluster archives only with archive_mode = always');
  const setting = configured(document);
  const age = archivingAge(situation);
  if (age === undefined) return setting;
  const [first, second] = age.status === 'ok' || setting.status === 'critical' ? [setting, age] : [age, setting];
  return {
    ...setting,
    ...age,
    status: worst([setting.status, age.status]),
    reasons: [...first.reasons, ...second.reasons],
  };
};

function isAlways({ patroni_config: config }: StatusDocument): boolean {
  return config?.archive_mode?.toLowerCase() === 'always';
}

/** The settings: archive_mode, archive_command and archive_library. */
function configured(document: StatusDocument): Finding {
  const { patroni_archive_enabled: enabled, patroni_config: config } = document;
  const mode = config?.archive_mode;
  const pending = pendingArchiveMode(document);
  if (pending !== undefined && !isOn(pending.running) && isOn(pending.configured))
    return finding(
      'critical',
      `no WAL is archived: archive_mode is ${pending.running} in the running PostgreSQL of ${pending.leader} until it is restarted (restart pending, ${pending.running} → ${pending.configured})`,
    );
  if (pending !== undefined && isOn(pending.running) && !isOn(pending.configured))
    return finding(
      'warning',
      `${pending.leader} stops archiving at its next restart (restart pending, archive_mode ${pending.running} → ${pending.configured})`,
    );
  if (enabled === null) return notKnown(document, 'patroni', 'archive_mode');
  if (!enabled) {
    const found = mode != null ? `is ${mode}` : config ? 'is missing' : 'is off or missing';
    return finding(
      'warning',
      `no WAL is archived: archive_mode ${found} in Patroni's configuration (unless a local setting overrides it)`,
    );
  }
  return byCommand(document, isAlways(document) ? 'always' : 'on');
}

/** archive_mode is on: what archives the WAL? */
function byCommand(
  { patroni_config: config, patroni_archive_command_set: set }: StatusDocument,
  mode: string,
): Finding {
  const configuration = "in Patroni's configuration (unless a local setting overrides it)";
  // PostgreSQL 15 and newer use it instead of archive_command
  if (config?.archive_library === true)
    return finding(
      'ok',
      `archive_mode is ${mode} and archive_library is set ${configuration}: the library archives WAL instead of archive_command`,
    );
  if (config?.archive_command === 'empty')
    return finding(
      'critical',
      `no WAL is archived: archive_command is empty ${configuration}, and PostgreSQL keeps its WAL until the disk is full`,
    );
  if (config?.archive_command === 'noop')
    return finding(
      'critical',
      `WAL is discarded: archive_command ${configuration} archives nothing and reports success, so PostgreSQL removes WAL that was never archived`,
    );
  // Spilo sets archive_command in the local configuration, so its absence here means nothing
  const elsewhere = set === false ? '; archive_command is not set there, which is usual under Spilo' : '';
  return finding('ok', `archive_mode is ${mode} ${configuration}${elsewhere}`);
}

/** A change of archive_mode that waits for a restart of the leader: the running and the configured value (from Patroni 3.3 on). */
function pendingArchiveMode(document: StatusDocument) {
  const [holder] = lockHolders(document);
  const change = holder && pendingChanges(holder, document).find(({ name }) => name.toLowerCase() === 'archive_mode');
  return holder && change && { ...change, leader: holder.name };
}

/** The values that PostgreSQL accepts for on and always. */
function isOn(mode: string): boolean {
  return /^(on|true|yes|1|always)$/i.test(mode);
}
