import { dependentItem, jsonPath, onChange, trigger, type Entity, type TriggerDefinition } from './entity.ts';

/** Items and triggers of the host itself: whether its value comes, and is complete. */
export function fleet(
  template: string,
  master: string,
): { items: Entity[]; alarms: Record<FleetAlarm, TriggerDefinition> } {
  const item = (key: string) => `/${template}/postgres-status.${key}`;
  const alarms: Record<FleetAlarm, TriggerDefinition> = {
    deaf: {
      name: 'postgres-status: no value arrives',
      expression: `nodata(${item('clusters')},{$POSTGRES_STATUS.NODATA})=1`,
      priority: 'HIGH',
      eventName:
        'postgres-status: no value has arrived for {$POSTGRES_STATUS.NODATA}, so the problems of all clusters are not up to date',
      description:
        'postgres-status prints nothing if no context could be listed, and an error message if its options are wrong. Run it by hand with --verbose as the user of the agent, and look at the error of the master item.',
      scope: 'availability',
    },
    unlisted: {
      name: 'postgres-status: contexts or namespaces cannot be listed',
      expression: `last(${item('unlisted')})>0 and length(last(${item('unlisted.reasons')}))>0`,
      priority: 'AVERAGE',
      opdata: '{ITEM.LASTVALUE1}: {{ITEM.LASTVALUE2}.regsub("(.*)","\\1")}',
      description: 'The state of their clusters is not known: they become stale, and new clusters are not discovered.',
      scope: 'availability',
    },
    clustersLeftOut: {
      name: 'postgres-status: clusters are left out',
      expression: `last(${item('left_out.clusters')})>0`,
      priority: 'AVERAGE',
      opdata: '{ITEM.LASTVALUE1} clusters',
      description:
        'A Zabbix agent passes on at most 512 KB. Clusters that are ok are left out first. They get no new values, so a problem of theirs that has ended does not clear. Divide the clusters among several Zabbix hosts (--namespace, --context), or push the value with zabbix_sender.',
      scope: 'capacity',
    },
    tooFew: {
      name: 'postgres-status: fewer clusters than expected',
      expression: `last(${item('clusters')})<{$POSTGRES_STATUS.CLUSTERS.MIN}`,
      priority: 'AVERAGE',
      eventName: 'postgres-status: fewer clusters than expected (under {$POSTGRES_STATUS.CLUSTERS.MIN})',
      opdata: '{ITEM.LASTVALUE1} clusters',
      description: 'Either ConfigMaps were deleted, or namespaces have lost the label by which they are found.',
      scope: 'availability',
    },
  };
  const of: Record<string, readonly FleetAlarm[]> = {
    clusters: ['deaf', 'tooFew'],
    'unlisted.reasons': ['unlisted'],
    'left_out.clusters': ['clustersLeftOut'],
  };
  const values = [
    {
      key: 'clusters',
      path: '$[?(@.cluster)].length()',
      name: 'Clusters',
      description: 'How many clusters the value holds.',
    },
    ...STATES.map(({ state, code }) => ({
      key: `clusters.${state}`,
      // not `==`, which would take the only index of Zabbix 6.0 from the items of the clusters (ofRow)
      path: `$[?(@.document.status =~ "^${String(code)}$")].length()`,
      name: `Clusters: ${state}`,
      description: `How many clusters have the verdict ${state}.`,
    })),
    {
      key: 'clusters.unread',
      path: '$[?(@.document.problems =~ "^unreadable: ")].length()',
      name: 'Clusters: without a readable document',
      description: 'How many ConfigMaps or files hold no readable status document.',
    },
    {
      key: 'unlisted',
      path: '$[?(@.unlisted)].length()',
      name: 'Contexts that cannot be listed',
      description: 'How many contexts, or namespaces of a context, could not be listed.',
    },
    {
      key: 'left_out.clusters',
      path: '$[?(@.left_out)].left_out.clusters.first()',
      name: 'Clusters left out',
      description: 'How many clusters did not fit into the value.',
    },
  ];
  const items: Entity[] = values.map(({ key, path, name, description }) => ({
    ...dependentItem(template, {
      key: `postgres-status.${key}`,
      name,
      master,
      preprocessing: [jsonPath(path, '0')],
      description,
      component: 'fleet',
    }),
    ...triggersOf(template, of[key] ?? [], alarms),
  }));
  items.push(
    dependentItem(template, {
      key: 'postgres-status.unlisted.reasons',
      name: 'Why contexts cannot be listed',
      master,
      preprocessing: [jsonPath('$[?(@.unlisted)]', '[]'), onChange('1h')],
      description: 'The rows of the contexts and namespaces that could not be listed.',
      type: 'TEXT',
      component: 'fleet',
    }),
  );
  return { items, alarms };
}

export type FleetAlarm = 'deaf' | 'unlisted' | 'clustersLeftOut' | 'tooFew';

/** As in the value. */
export const STATES = [
  { state: 'ok', code: 0 },
  { state: 'warning', code: 1 },
  { state: 'critical', code: 2 },
  { state: 'unknown', code: 3 },
];

/** A trigger of one item is written below it; one of several items is at the top of the file. */
function triggersOf(
  template: string,
  names: readonly FleetAlarm[],
  alarms: Record<FleetAlarm, TriggerDefinition>,
): Entity {
  const own = names.filter((name) => name !== 'unlisted');
  return own.length === 0 ? {} : { triggers: own.map((name) => trigger(template, alarms[name])) };
}
