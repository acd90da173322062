/** How readers find the published documents: the old Zabbix consumer looks for these names, in namespaces with this label (contract). */

const FOUND_BY_ZABBIX = /^status-(?:citus|postgres)-/;
export const ZABBIX_LABEL = 'ossobv/zabbix-agent-osso.k8s-patroni';

/** Whether Zabbix finds a ConfigMap of this name. */
export function isFoundByZabbix(configMap: string): boolean {
  return FOUND_BY_ZABBIX.test(configMap);
}

/** The name of the cluster according to the name of its ConfigMap: `status-postgres-main` belongs to postgres-main. */
export function clusterNamedBy(configMap: string): string {
  return configMap.replace(/^status-/, '');
}
