import { LabelsError } from '../errors.ts';
import { patchConfigMap } from '../kubectl/patch.ts';
import { isFoundByZabbix } from '../kubectl/published.ts';
import type { Delivery, Published } from './delivery.ts';

/** Publishes the document in a ConfigMap, with labels unless they are refused or not wanted. */
export const publishConfigMap: Delivery<Published> = async (texts, destination, { limit, log }) => {
  const { configMap, labelled, kubectl } = destination;
  const status = texts.published;
  try {
    await patchConfigMap({ status, labels: labelled ? texts.labels : undefined }, configMap, kubectl, limit);
  } catch (error) {
    if (!(error instanceof LabelsError)) throw error;
    await patchConfigMap({ status }, configMap, kubectl, limit);
    log.note(error.message);
  }
  if (!isFoundByZabbix(configMap.name))
    log.note(`Zabbix looks for status-postgres-… and status-citus-…: it will not find ${configMap.name}`);
};
