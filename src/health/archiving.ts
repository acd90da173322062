import type { StatusDocument } from '../document/schema.ts';
import type { Check } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';

/** Is PostgreSQL told to archive its WAL? */
export const archiving: Check = ({ document }) => {
  if (isSkipped(document, 'patroni')) return undefined;
  const { patroni_archive_enabled: enabled, patroni_archive_command_set: command, patroni_config: config } = document;
  if (isStandbyCluster(document))
    return {
      status: 'ok',
      reasons: ['not judged: this is a standby cluster, which archives only where archive_mode is always'],
    };
  if (enabled === null) return notKnown(document, 'patroni', 'archive_mode');
  const mode = config?.archive_mode;
  if (!enabled) {
    const found = mode != null ? `is ${mode}` : config ? 'is missing' : 'is off or missing';
    return {
      status: 'warning',
      reasons: [
        `archive_mode ${found} in Patroni's configuration: no WAL is archived, unless a local setting says otherwise`,
      ],
    };
  }
  // Spilo keeps archive_command in the local configuration: that it is not there says nothing
  const where = command === false ? '; archive_command is kept elsewhere, as under Spilo' : '';
  return {
    status: 'ok',
    reasons: [
      `archive_mode is ${mode?.toLowerCase() === 'always' ? 'always' : 'on'} in Patroni's configuration (assumed that no local setting overrides it)${where}`,
    ],
  };
};

function isStandbyCluster({ patroni_config: config, cluster_status: cluster, node }: StatusDocument): boolean {
  return (
    config?.standby_cluster === true ||
    node?.role === 'standby_leader' ||
    cluster.members.some((member) => member.role === 'standby_leader')
  );
}
