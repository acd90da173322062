import type { Zabbix } from './zabbix-server.ts';

/** UserParameters as the agent had them before there was postgres-status; `script` is test/stand-ins/zabbix-script. */
export function userParametersBefore(script: string): string {
  return [
    `UserParameter=k8s.patroni.discover_clusters, ${script} discover-clusters`,
    `UserParameter=k8s.patroni.show_cluster[*], ${script} show-cluster "$1" "$2" "$3"`,
    `UserParameter=k8s.patroni.discover_members, ${script} discover-members`,
    `UserParameter=k8s.patroni.show_member[*], ${script} show-member "$1" "$2" "$3" "$4"`,
  ].join('\n');
}

const [FLOAT, UNSIGNED, TEXT] = [0, 3, 4];
const [ACTIVE, DEPENDENT] = [7, 18];
const JSON_PATH = 12;
const CLUSTER = '{#CONTEXT},{#NAMESPACE},{#CONFIGMAP}';
const MEMBER = `${CLUSTER},{#MEMBER}`;
const SECONDS_OF_DATE = 'return Math.floor(new Date(value).getTime() / 1000);';

interface Item {
  key: string;
  type: number;
  /** The JSONPath; and what else is made of it: a number of Zabbix's types of preprocessing, and its parameter. */
  steps: readonly (readonly [type: number, parameter: string])[];
  /** The expression of its trigger with `ITEM` for the item, its severity, and its name. */
  trigger?: readonly [expression: string, severity: number, name: string];
}

const three = (value: string) => [1, 2, 3].map((nth) => `last(ITEM,#${String(nth)})="${value}"`).join(' and ');
const byDay = 'time()>090000 and time()<220000';

/** Keys, ways to the values, and triggers as the template of before has them. */
const RULES: readonly { key: string; master: string; arguments: string; items: readonly Item[] }[] = [
  {
    key: 'k8s.patroni.discover_clusters',
    master: 'k8s.patroni.show_cluster',
    arguments: CLUSTER,
    items: [
      {
        key: 'k8s.patroni.current_timestamp',
        type: UNSIGNED,
        steps: [[JSON_PATH, '$.current_timestamp']],
        trigger: ['last(ITEM)<(now()-300)', 5, 'status not updated'],
      },
      {
        key: 'k8s.patroni.walg_last_backup',
        type: UNSIGNED,
        steps: [
          [JSON_PATH, '$.walg_last_backup.time'],
          [21, SECONDS_OF_DATE],
        ],
        trigger: [`(now()-last(ITEM))>691200 and ${byDay}`, 5, 'last backup week old'],
      },
      {
        key: 'k8s.patroni.walg_integrity',
        type: TEXT,
        steps: [[JSON_PATH, '$.walg_integrity.integrity.status']],
        trigger: [`${three('FAILURE')} and ${byDay}`, 5, 'integrity bad'],
      },
      {
        key: 'k8s.patroni.walg_timeline',
        type: TEXT,
        steps: [[JSON_PATH, '$.walg_timeline.timeline.status']],
        trigger: [`${three('FAILURE')} and ${byDay}`, 5, 'timeline bad'],
      },
      {
        key: 'k8s.patroni.patroni_archive_enabled',
        type: TEXT,
        steps: [[JSON_PATH, '$.patroni_archive_enabled']],
      },
      {
        key: 'k8s.patroni.archive_command_set',
        type: TEXT,
        steps: [[JSON_PATH, '$.patroni_archive_command_set']],
      },
    ],
  },
  {
    key: 'k8s.patroni.discover_members',
    master: 'k8s.patroni.show_member',
    arguments: MEMBER,
    items: [
      {
        key: 'k8s.patroni.lag',
        type: FLOAT,
        steps: [[JSON_PATH, '$.lag']],
        trigger: ['last(ITEM)>0', 2, 'replication lag of {#MEMBER}'],
      },
      { key: 'k8s.patroni.role', type: TEXT, steps: [[JSON_PATH, '$.role']] },
      { key: 'k8s.patroni.state', type: TEXT, steps: [[JSON_PATH, '$.state']] },
    ],
  },
];

/**
 * Makes what an import of the template of before makes, on a host that has these UserParameters: two rules of discovery for the agent,
 * a master item for each cluster and each member, and the items that take their values from it.
 */
export async function createRulesBefore(
  { ask }: Pick<Zabbix, 'ask'>,
  { hostid, host, delay, clusters }: { hostid: string; host: string; delay: string; clusters: RegExp },
): Promise<void> {
  for (const { key, master, arguments: own, items } of RULES) {
    const filter = { evaltype: 0, conditions: [{ macro: '{#CLUSTER}', value: clusters.source, operator: 8 }] };
    const ruleid = await created('discoveryrule.create', 'itemids', {
      ...{ hostid, name: key, key_: key, type: ACTIVE, delay: '1h', filter },
    });
    const prototype = (item: object) => created('itemprototype.create', 'itemids', { hostid, ruleid, ...item });
    const masterKey = `${master}[${own}]`;
    const master_itemid = await prototype({
      ...{ name: masterKey, key_: masterKey, type: ACTIVE, delay, value_type: TEXT, history: '0' },
    });
    for (const { key: name, type, steps, trigger } of items) {
      const key_ = `${name}[${own}]`;
      const preprocessing = steps.map(([step, params]) => ({
        ...{ type: step, params, error_handler: 0, error_handler_params: '' },
        // the lag of a leader is 0
        ...(name.endsWith('.lag') && { error_handler: 2, error_handler_params: '0' }),
      }));
      await prototype({ name: key_, key_, type: DEPENDENT, value_type: type, master_itemid, preprocessing });
      if (trigger === undefined) continue;
      const [expression, priority, what] = trigger;
      await created('triggerprototype.create', 'triggerids', {
        ...{ description: `PostgreSQL {#CLUSTER}: ${what}`, priority },
        expression: expression.replaceAll('ITEM', `/${host}/${key_}`),
      });
    }
  }

  async function created(method: string, ids: string, definition: object): Promise<string> {
    const answer = (await ask(method, definition)) as Record<string, [string]>;
    return answer[ids]?.[0] ?? '';
  }
}
