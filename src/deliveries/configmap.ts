import { patchConfigMap } from '../kubectl/patch.ts';
import type { Delivery, Published } from './delivery.ts';

/** The names that Zabbix discovers (contract). */
const ZABBIX_FINDS = /^status-(citus|postgres)-/;

/** Publishes the document in a ConfigMap. */
export const publishConfigMap: Delivery<Published> = async ({ published }, { configMap, kubectl }, { limit, log }) => {
  await patchConfigMap(published, configMap, kubectl, limit);
  if (!ZABBIX_FINDS.test(configMap.name))
    log.note(`Zabbix looks for status-postgres-… and status-citus-…: it will not find ${configMap.name}`);
};
