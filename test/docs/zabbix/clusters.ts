import { checkNames } from '../../../src/health/index.ts';
import {
  dependentItem,
  jsonPath,
  onChange,
  tags,
  trigger,
  uuid,
  type Entity,
  type TriggerDefinition,
} from './entity.ts';
import type { FleetAlarm } from './fleet.ts';

const CLUSTER = 'PostgreSQL {#CLUSTER} in {#WHERE}';

/** The rule that discovers clusters: the document of each is one item, and each of its facts and checks another. */
export function clusterRule(
  template: string,
  master: string,
  fleetAlarms: Record<FleetAlarm, TriggerDefinition>,
): Entity {
  const key = (fact: string, more = '') => `postgres-status.${fact}[{#ID}${more}]`;
  const item = (fact: string, more = '') => `/${template}/${key(fact, more)}`;
  const document = key('document');

  const unread: TriggerDefinition = {
    name: `${CLUSTER}: its status document cannot be read`,
    expression: `length(last(${item('unread')}))>0`,
    priority: 'AVERAGE',
    opdata: '{ITEM.LASTVALUE1}',
    description: 'The ConfigMap or file is there, but holds no status document: nothing is known of the cluster.',
    scope: 'availability',
    after: [fleetAlarms.deaf],
  };
  const stale: TriggerDefinition = {
    name: `${CLUSTER}: its status is stale`,
    expression: `nodata(${item('time')},{$POSTGRES_STATUS.STALE.MAX:"{#CLUSTER}"})=1 or last(${item('time')})<now()-{$POSTGRES_STATUS.STALE.MAX:"{#CLUSTER}"}`,
    priority: 'HIGH',
    eventName: `${CLUSTER}: its status is stale (over {$POSTGRES_STATUS.STALE.MAX:"{#CLUSTER}"})`,
    opdata: 'collected {ITEM.LASTVALUE1}',
    description:
      'Nobody has published the state of this cluster: its publisher has stopped, no member is the leader, the ConfigMap is gone, or its context cannot be read. No other alarm of the cluster is current.',
    scope: 'availability',
    after: [unread, fleetAlarms.clustersLeftOut, fleetAlarms.deaf],
  };
  const unknown: TriggerDefinition = {
    name: `${CLUSTER}: not everything can be judged`,
    expression: `length(last(${item('unknown')}))>0`,
    priority: 'AVERAGE',
    opdata: '{ITEM.LASTVALUE1}',
    description:
      'At least one check of postgres-status has the verdict unknown; the checks and reasons are in the operational data.',
    scope: 'availability',
    after: [stale],
  };
  const checks = checkNames.map((check) => ({ check, alarms: checkAlarms(check, item('check', `,${check}`), stale) }));
  const alarmOf = (check: string, index: number) =>
    checks.flatMap((one) => (one.check === check ? (one.alarms[index] ?? []) : []));

  const fact = (
    name: string,
    path: string,
    title: string,
    description: string,
    more: Partial<Parameters<typeof dependentItem>[1]> = {},
  ) =>
    dependentItem(template, {
      key: key(name),
      name: `{#CLUSTER} in {#WHERE}: ${title}`,
      master: document,
      preprocessing: [jsonPath(path), onChange('10m')],
      description,
      component: 'cluster',
      ...more,
    });
  const withTriggers = (entity: Entity, ...alarms: TriggerDefinition[]): Entity => ({
    ...entity,
    trigger_prototypes: alarms.map((alarm) => trigger(template, alarm)),
  });

  const lag: TriggerDefinition = {
    name: `${CLUSTER}: a replica lags behind`,
    expression: `last(${item('lag')})>{$POSTGRES_STATUS.LAG.MAX:"{#CLUSTER}"}`,
    priority: 'WARNING',
    eventName: `${CLUSTER}: a replica lags behind (over {$POSTGRES_STATUS.LAG.MAX:"{#CLUSTER}"} bytes)`,
    opdata: '{ITEM.LASTVALUE1}',
    description: 'The verdict has a limit of its own (--lag-max of the publisher); while that rings, this does not.',
    scope: 'performance',
    after: [stale, ...alarmOf('lag', 0)],
  };
  const old: TriggerDefinition = {
    name: `${CLUSTER}: the newest backup is old`,
    expression: `last(${item('backup')})<now()-{$POSTGRES_STATUS.BACKUP.MAX:"{#CLUSTER}"}`,
    priority: 'HIGH',
    eventName: `${CLUSTER}: the newest backup is old (over {$POSTGRES_STATUS.BACKUP.MAX:"{#CLUSTER}"})`,
    opdata: '{ITEM.LASTVALUE1}',
    description:
      'The verdict has a limit of its own (--backup-max-age of the publisher); while that rings, this does not.',
    scope: 'availability',
    after: [stale, ...alarmOf('backup', 1)],
  };
  const fewer: TriggerDefinition = {
    name: `${CLUSTER}: a member has vanished`,
    expression: `last(${item('members')})<max(${item('members')},{$POSTGRES_STATUS.MEMBERS.WINDOW:"{#CLUSTER}"})`,
    priority: 'WARNING',
    eventName: `${CLUSTER}: fewer members than within {$POSTGRES_STATUS.MEMBERS.WINDOW:"{#CLUSTER}"}`,
    opdata: '{ITEM.LASTVALUE1} members',
    description:
      'Patroni lists fewer members than before. It ends when they are back, or after the time in the macro, when fewer members are taken for intended.',
    scope: 'availability',
    after: [stale, ...alarmOf('members', 0)],
  };
  const changed: TriggerDefinition = {
    name: `${CLUSTER}: the leader has changed`,
    expression: `change(${item('leader')})=1`,
    priority: 'INFO',
    opdata: 'now {ITEM.LASTVALUE1}',
    description: 'By switchover or failover. It ends by itself within ten minutes.',
    scope: 'notice',
    after: [stale],
  };

  return {
    uuid: uuid(`${template} rule clusters`),
    name: 'Cluster discovery',
    type: 'DEPENDENT',
    key: 'postgres-status.cluster.discovery',
    delay: '0',
    filter: filter(),
    lifetime: '7d',
    description: 'The clusters of which the host has a document, or ought to have one.',
    item_prototypes: [
      dependentItem(template, {
        key: document,
        name: '{#CLUSTER} in {#WHERE}: document',
        master,
        preprocessing: [jsonPath('$[?(@.cluster.id == "{#ID}")].document.first()')],
        description:
          'What the value says of this cluster. It is not stored; the other items take their values from it.',
        type: 'TEXT',
        history: '0',
        component: 'raw',
      }),
      withTriggers(
        dependentItem(template, {
          key: key('unread'),
          name: '{#CLUSTER} in {#WHERE}: why its document cannot be read',
          master,
          preprocessing: [jsonPath('$[?(@.cluster.id == "{#ID}")].error.first()', ''), onChange('10m')],
          description: 'Empty where the document can be read.',
          type: 'TEXT',
          component: 'cluster',
        }),
        unread,
      ),
      withTriggers(
        fact('time', '$.time', 'collected', 'When the document was collected, by the clock of its publisher.', {
          units: 'unixtime',
          preprocessing: [jsonPath('$.time')],
          history: '7d',
        }),
        stale,
      ),
      fact('status', '$.status', 'verdict', 'The worst of the checks.', { valuemap: 'Verdict of postgres-status' }),
      withTriggers(
        fact('leader', '$.leader', 'leader', 'The member that holds the leader lock.', { type: 'CHAR' }),
        changed,
      ),
      withTriggers(fact('members', '$.members', 'members', 'How many members Patroni lists.'), fewer),
      withTriggers(
        fact('lag', '$.lag', 'lag', 'Bytes that the replica which is furthest behind lags, as far as is known.', {
          type: 'FLOAT',
          units: 'B',
        }),
        lag,
      ),
      withTriggers(
        fact('backup', '$.backup', 'newest restorable backup', 'When it was complete.', { units: 'unixtime' }),
        old,
      ),
      fact('backups', '$.backups', 'restorable backups', 'How many backups can be restored, as far as is known.'),
      fact(
        'safe_up_to',
        '$.safe_up_to',
        'safe up to',
        'All that was committed until then is known to be restorable. Of an idle cluster it may be long ago.',
        { units: 'unixtime' },
      ),
      fact(
        'unarchived',
        '$.unarchived',
        'WAL in no archive',
        "Bytes of WAL between the newest archived segment and the leader's position.",
        {
          type: 'FLOAT',
          units: 'B',
        },
      ),
      fact('failover', '$.failover', 'last change of the leader', 'By switchover or failover.', { units: 'unixtime' }),
      fact('version', '$.version', 'version of the publisher', 'The version of postgres-status that published.', {
        type: 'CHAR',
      }),
      withTriggers(
        fact(
          'unknown',
          '',
          'what cannot be judged',
          'The checks with the verdict unknown, and why. Empty where there is none.',
          {
            preprocessing: [jsonPath('$.unknown', ''), onChange('10m')],
            type: 'TEXT',
          },
        ),
        unknown,
      ),
      ...checks.map(({ check, alarms }) =>
        withTriggers(
          fact('check', '', `check ${check}`, 'ok; or the verdict, and why.', {
            key: key('check', `,${check}`),
            preprocessing: [jsonPath(`$.checks.${check}`, 'ok'), onChange('10m')],
            type: 'TEXT',
            component: 'check',
          }),
          ...alarms,
        ),
      ),
    ],
    graph_prototypes: [
      {
        uuid: uuid(`${template} graph cluster`),
        name: '{#CLUSTER} in {#WHERE}: lag and WAL in no archive',
        graph_items: [
          { sortorder: '0', color: '1A7C11', item: { host: template, key: key('lag') } },
          { sortorder: '1', color: 'F63100', item: { host: template, key: key('unarchived') } },
        ],
      },
    ],
    master_item: { key: master },
    preprocessing: [jsonPath('$[*].cluster', '[]'), onChange('1h')],
    lld_macro_paths: ['id', 'name', 'where', 'context', 'namespace', 'configmap'].map((name) => ({
      lld_macro: name === 'name' ? '{#CLUSTER}' : `{#${name.toUpperCase()}}`,
      path: `$.${name}`,
    })),
  };
}

/**
 * An alarm for each verdict on a check that says that something is wrong. What is unknown has one alarm for all checks, because one reason
 * often concerns several. The value `not judged` belongs to no verdict: while a collector fails, a problem that was there stays, and the
 * check `collection` is unknown.
 */
function checkAlarms(check: string, item: string, stale: TriggerDefinition): TriggerDefinition[] {
  const verdicts = [
    { status: 'warning', others: 'ok|unknown|critical', priority: 'WARNING' },
    { status: 'critical', others: 'ok|warning|unknown', priority: 'HIGH' },
  ] as const;
  return verdicts.map(({ status, others, priority }) => ({
    name: `${CLUSTER}: ${check.replaceAll('_', ' ')} ${status}`,
    expression: `find(${item},,"regexp","^${status}")=1`,
    recovery: `find(${item},,"regexp","^(${others})")=1`,
    priority,
    opdata: '{ITEM.LASTVALUE1}',
    description: `The check ${check} of postgres-status has the verdict ${status}; its reason is in the operational data.`,
    scope: check.startsWith('wal') || check.startsWith('backup') || check === 'recovery' ? 'backup' : 'availability',
    after: [stale],
  }));
}

/** Clusters, contexts and namespaces to take and to leave. */
export function filter(): Entity {
  const conditions = ['CLUSTER', 'CONTEXT', 'NAMESPACE'].flatMap((what) => [
    { macro: `{#${what}}`, value: `{$POSTGRES_STATUS.LLD.${what}.MATCHES}` },
    { macro: `{#${what}}`, value: `{$POSTGRES_STATUS.LLD.${what}.NOT_MATCHES}`, operator: 'NOT_MATCHES_REGEX' },
  ]);
  return {
    evaltype: 'AND',
    conditions: conditions.map((condition, index) => ({ ...condition, formulaid: String.fromCharCode(65 + index) })),
  };
}

/** The rule that discovers members. */
export function memberRule(template: string, master: string): Entity {
  const item = (
    name: string,
    title: string,
    description: string,
    more: Partial<Parameters<typeof dependentItem>[1]>,
  ) => ({
    ...dependentItem(template, {
      key: `postgres-status.member.${name}[{#ID}]`,
      name: `{#CLUSTER} in {#WHERE}: ${title} of {#MEMBER}`,
      master,
      preprocessing: [jsonPath(`$[?(@.member.id == "{#ID}")].${name}.first()`), onChange('10m')],
      description,
      component: 'member',
      ...more,
    }),
    tags: tags({ component: 'member', member: '{#MEMBER}' }),
  });
  return {
    uuid: uuid(`${template} rule members`),
    name: 'Member discovery',
    type: 'DEPENDENT',
    key: 'postgres-status.member.discovery',
    delay: '0',
    filter: filter(),
    lifetime: '7d',
    description: 'The members that Patroni lists. What is wrong with them is among the checks of their cluster.',
    item_prototypes: [
      item('lag', 'lag', 'Bytes behind the leader.', { type: 'FLOAT', units: 'B' }),
      item('role', 'role', 'leader, replica, sync_standby, …', { type: 'CHAR' }),
      item('state', 'state', 'running, streaming, stopped, …', { type: 'CHAR' }),
    ],
    master_item: { key: master },
    preprocessing: [jsonPath('$[*].member', '[]'), onChange('1h')],
    lld_macro_paths: [
      { lld_macro: '{#ID}', path: '$.id' },
      { lld_macro: '{#MEMBER}', path: '$.name' },
      { lld_macro: '{#CLUSTER}', path: '$.cluster' },
      { lld_macro: '{#WHERE}', path: '$.where' },
      { lld_macro: '{#CONTEXT}', path: '$.context' },
      { lld_macro: '{#NAMESPACE}', path: '$.namespace' },
    ],
  };
}
