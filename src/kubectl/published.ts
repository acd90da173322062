/** How readers find what was published: the old consumer of Zabbix by these names, in namespaces with this label (contract). */

const FOUND_BY_ZABBIX = /^status-(?:citus|postgres)-/;
export const ZABBIX_LABEL = 'ossobv/zabbix-agent-osso.k8s-patroni';

/** Whether Zabbix finds a ConfigMap of this name. */
export function isFoundByZabbix(configMap: string): boolean {
  return FOUND_BY_ZABBIX.test(configMap);
}

/** What the cluster is called by the ConfigMap alone: `status-postgres-main` is that of postgres-main. */
export function clusterNamedBy(configMap: string): string {
  return configMap.replace(/^status-/, '');
}
