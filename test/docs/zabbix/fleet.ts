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
        'postgres-status: no value has arrived for {$POSTGRES_STATUS.NODATA}, so no alarm of any cluster is current',
      description:
        'The command prints nothing when no context could be listed, and something else than JSON when its options are wrong. Run it by hand, as the user of the agent and with --verbose, and see the error of the master item.',
      scope: 'availability',
    },
    unlisted: {
      name: 'postgres-status: contexts or namespaces cannot be listed',
      expression: `last(${item('unlisted')})>0 and length(last(${item('unlisted.reasons')}))>0`,
      priority: 'AVERAGE',
      opdata: '{ITEM.LASTVALUE1}: {ITEM.LASTVALUE2}',
      description: 'What is in them is not known: their clusters become stale, and new ones are not discovered.',
      scope: 'availability',
    },
    clustersLeftOut: {
      name: 'postgres-status: clusters are left out',
      expression: `last(${item('left_out.clusters')})>0`,
      priority: 'AVERAGE',
      opdata: '{ITEM.LASTVALUE1} clusters',
      description:
        'A Zabbix agent passes on at most 512 KB. The best clusters are left out first, but a problem that ended is not seen to end. Divide the clusters among several hosts of Zabbix (--namespace, --context), or push the values.',
      scope: 'capacity',
    },
    membersLeftOut: {
      name: 'postgres-status: the members of clusters are left out',
      expression: `last(${item('left_out.members')})>0`,
      priority: 'WARNING',
      opdata: 'of {ITEM.LASTVALUE1} clusters',
      description:
        'A Zabbix agent passes on at most 512 KB. No alarm is missing, but role, state and lag of the members of the best clusters have no new values.',
      scope: 'capacity',
    },
    tooFew: {
      name: 'postgres-status: fewer clusters than expected',
      expression: `last(${item('clusters')})<{$POSTGRES_STATUS.CLUSTERS.MIN}`,
      priority: 'AVERAGE',
      eventName: 'postgres-status: fewer clusters than expected (under {$POSTGRES_STATUS.CLUSTERS.MIN})',
      opdata: '{ITEM.LASTVALUE1} clusters',
      description: 'Either ConfigMaps are gone, or namespaces have lost the label by which they are found.',
      scope: 'availability',
    },
  };
  const of: Record<string, readonly FleetAlarm[]> = {
    clusters: ['deaf', 'tooFew'],
    'unlisted.reasons': ['unlisted'],
    'left_out.clusters': ['clustersLeftOut'],
    'left_out.members': ['membersLeftOut'],
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
      path: `$[?(@.document.status == ${String(code)})].length()`,
      name: `Clusters: ${state}`,
      description: `How many clusters have the verdict ${state}.`,
    })),
    {
      key: 'clusters.unread',
      path: '$[?(@.cluster && @.error)].length()',
      name: 'Clusters: without a readable document',
      description: 'How many ConfigMaps or files hold no status document.',
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
      description: 'How many clusters the value had no room for.',
    },
    {
      key: 'left_out.members',
      path: '$[?(@.left_out)].left_out.members.first()',
      name: 'Clusters without their members',
      description: 'How many clusters the value holds without their members, for which it had no room.',
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

export type FleetAlarm = 'deaf' | 'unlisted' | 'clustersLeftOut' | 'membersLeftOut' | 'tooFew';

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
