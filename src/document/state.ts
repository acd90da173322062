import { perObject } from './per-object.ts';
import type { StatusDocument } from './schema.ts';

/** Patroni is in maintenance mode, according to the member that was asked or to /cluster. */
export function isPaused({ node, leader, cluster_status: cluster }: StatusDocument): boolean {
  return node?.paused === true || leader?.paused === true || cluster['pause'] === true;
}

/** This cluster follows another one. */
export const isStandbyCluster = perObject(
  ({ patroni_config: config, cluster_status, node, leader }: StatusDocument): boolean =>
    config?.standby_cluster === true ||
    node?.role === 'standby_leader' ||
    leader?.role === 'standby_leader' ||
    cluster_status.members.some((member) => member.role === 'standby_leader'),
);

/** Patroni's defaults, in seconds and bytes (patroni/patroni, docs/dynamic_configuration.rst). */
const DEFAULTS = { ttl: 30, loop_wait: 10, retry_timeout: 10, maximum_lag_on_failover: 1024 * 1024 };

/** A setting of the dynamic configuration, and whether Patroni's default is assumed because the configuration is not known. */
export function setting(
  { patroni_config: config }: Pick<StatusDocument, 'patroni_config'>,
  name: keyof typeof DEFAULTS,
): { value: number; assumed: boolean } {
  return { value: config?.[name] ?? DEFAULTS[name], assumed: !config };
}
