import { checkNames } from '../../../src/health/index.ts';
import {
  dependentItem,
  jsonPath,
  onChange,
  ofRow,
  trigger,
  uuid,
  type Entity,
  type TriggerDefinition,
} from './entity.ts';
import type { FleetAlarm } from './fleet.ts';

const CLUSTER = 'PostgreSQL {#CLUSTER} in {#WHERE}';

/**
 * The rule that discovers clusters. The facts of each are one item, and the items with values depend on it. There are few of them, because a
 * master item may have at most 29,999 dependent items, and because Zabbix 6.0 counts them anew, with an effort that grows with their square,
 * for each new item that depends on the master itself (`lld_item_dependencies_check` in its src/zabbix_server/lld/lld_item.c). So there is
 * one such item for each cluster, and none for members. One item has a line for each check that is not ok, and every check has its triggers
 * on it.
 */
export function clusterRule(
  template: string,
  master: string,
  fleetAlarms: Record<FleetAlarm, TriggerDefinition>,
): Entity {
  const key = (fact: string) => `postgres-status.${fact}[{#ID}]`;
  const item = (fact: string) => `/${template}/${key(fact)}`;
  const facts = key('facts');
  const problems = item('problems');

  const unread: TriggerDefinition = {
    name: `${CLUSTER}: its status document cannot be read`,
    expression: hasLine(problems, 'unreadable: '),
    priority: 'AVERAGE',
    opdata: lineOf('unreadable: '),
    description:
      'The ConfigMap or file exists, but it holds no status document, so the state of the cluster is not known.',
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
      'The state of this cluster was not published recently: its publisher has stopped, no member is the leader, the ConfigMap is gone, or its context cannot be read. Its other problems are not up to date.',
    scope: 'availability',
    after: [unread, fleetAlarms.clustersLeftOut, fleetAlarms.deaf],
  };
  const unknown: TriggerDefinition = {
    name: `${CLUSTER}: not everything can be judged`,
    expression: hasLine(problems, '[a-z_]+ unknown: '),
    recovery: hasNoLine(problems, 'unreadable: '),
    priority: 'AVERAGE',
    // they are the last lines
    opdata: '{{ITEM.LASTVALUE1}.regsub("(?ms)^([a-z_]+ unknown: .*)","\\1")}',
    description:
      'At least one check of postgres-status has the verdict unknown; the operational data names the checks and the reasons.',
    scope: 'availability',
    after: [stale],
  };
  const checks = checkNames.map((check) => ({ check, alarms: checkAlarms(check, problems, stale) }));
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
      master: facts,
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
    description:
      'The verdict has its own limit (--lag-max of the publisher); while its lag warning is a problem, this one is hidden.',
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
      'The verdict has its own limit (--backup-max-age of the publisher); while backup is critical, this problem is hidden.',
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
      'Patroni lists fewer members than before. The problem ends when they are back, or after the time in the macro: then the smaller number is treated as intended.',
    scope: 'availability',
    after: [stale, ...alarmOf('members', 0)],
  };
  const changed: TriggerDefinition = {
    name: `${CLUSTER}: the leader has changed`,
    expression: `change(${item('leader')})=1`,
    priority: 'INFO',
    opdata: 'now {{ITEM.LASTVALUE1}.regsub("(.*)","\\1")}',
    description: 'A switchover or failover. The problem ends by itself within ten minutes.',
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
    description: 'The clusters in the value, including those whose document cannot be read.',
    item_prototypes: [
      dependentItem(template, {
        key: facts,
        name: '{#CLUSTER} in {#WHERE}: facts',
        master,
        preprocessing: [ofRow('document')],
        description:
          'The facts of this cluster as JSON. They are not stored; the other items take their values from them.',
        type: 'TEXT',
        history: '0',
        component: 'raw',
      }),
      withTriggers(
        fact(
          'problems',
          '',
          'problems',
          'A line for each check that is not ok: the check, its verdict, the reason. Empty where every check is ok.',
          {
            preprocessing: [jsonPath('$.problems', ''), onChange('10m')],
            type: 'TEXT',
          },
        ),
        unread,
        unknown,
        ...checks.flatMap(({ alarms }) => alarms),
      ),
      withTriggers(
        fact(
          'time',
          '$.time',
          'collected',
          'When the document was collected, according to the clock of its publisher.',
          {
            units: 'unixtime',
            preprocessing: [jsonPath('$.time')],
            history: '7d',
          },
        ),
        stale,
      ),
      fact('status', '$.status', 'verdict', 'The worst of the checks.', { valuemap: 'Verdict of postgres-status' }),
      withTriggers(
        fact('leader', '$.leader', 'leader', 'The member that holds the leader lock.', { type: 'CHAR' }),
        changed,
      ),
      withTriggers(fact('members', '$.members', 'members', 'How many members Patroni lists.'), fewer),
      fact('states', '$.states', 'states of the members', 'A line for each member: its role and its state.', {
        type: 'TEXT',
      }),
      withTriggers(
        fact('lag', '$.lag', 'lag', 'How many bytes the replica that is furthest behind lags, as far as is known.', {
          type: 'FLOAT',
          units: 'B',
        }),
        lag,
      ),
      withTriggers(
        fact(
          'backup',
          '$.backup',
          'newest restorable backup',
          'When the newest backup that can be restored was complete.',
          { units: 'unixtime' },
        ),
        old,
      ),
      fact(
        'safe_up_to',
        '$.safe_up_to',
        'safe up to',
        'Everything committed until this time can be restored. For an idle cluster it may be long ago.',
        { units: 'unixtime' },
      ),
      fact(
        'unarchived',
        '$.unarchived',
        'WAL not archived',
        "Bytes of WAL between the newest archived segment and the leader's position.",
        {
          type: 'FLOAT',
          units: 'B',
        },
      ),
    ],
    graph_prototypes: [
      {
        uuid: uuid(`${template} graph cluster`),
        name: '{#CLUSTER} in {#WHERE}: lag and WAL not archived',
        graph_items: [
          { sortorder: '0', color: '1A7C11', item: { host: template, key: key('lag') } },
          { sortorder: '1', color: 'F63100', item: { host: template, key: key('unarchived') } },
        ],
      },
    ],
    master_item: { key: master },
    preprocessing: [jsonPath('$[?(@.cluster)].cluster', '[]'), onChange('1h')],
    lld_macro_paths: ['id', 'name', 'where', 'context', 'namespace', 'configmap'].map((name) => ({
      lld_macro: name === 'name' ? '{#CLUSTER}' : `{#${name.toUpperCase()}}`,
      path: `$.${name}`,
    })),
  };
}

/**
 * An alarm for each verdict on a check that says that something is wrong. Unknown verdicts have one alarm for all checks, because one reason
 * often concerns several. A line `not judged` ends no problem: the check could not look, because a collector failed. Neither does a
 * document that cannot be read.
 */
function checkAlarms(check: string, problems: string, stale: TriggerDefinition): TriggerDefinition[] {
  const verdicts = [
    { status: 'warning', priority: 'WARNING' },
    { status: 'critical', priority: 'HIGH' },
  ] as const;
  return verdicts.map(({ status, priority }) => ({
    name: `${CLUSTER}: ${check.replaceAll('_', ' ')} ${status}`,
    expression: hasLine(problems, `${check} ${status}: `),
    recovery: hasNoLine(problems, `(${check} not judged|unreadable): `),
    priority,
    opdata: lineOf(`${check} ${status}: `),
    description: `The check ${check} of postgres-status has the verdict ${status}; the operational data has the reason.`,
    scope: check.startsWith('wal') || check.startsWith('backup') || check === 'recovery' ? 'backup' : 'availability',
    after: [stale],
  }));
}

/** Whether the text has a line that begins with this regular expression: in Zabbix, ^ is the beginning of every line. */
function hasLine(item: string, beginning: string): string {
  return `find(${item},,"regexp","^${beginning}")=1`;
}

function hasNoLine(item: string, beginning: string): string {
  return `find(${item},,"regexp","^${beginning}")=0`;
}

/**
 * What follows this beginning of a line. Without a macro function, Zabbix shows the first 20 characters of the text. The frontend, unlike the
 * server, needs (?m) to find the beginnings of lines.
 */
function lineOf(beginning: string): string {
  return `{{ITEM.LASTVALUE1}.regsub("(?m)^${beginning}(.*)","\\1")}`;
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
