import { format } from 'prettier';
import { stringify } from 'yaml';
import { clusterRule } from './clusters.ts';
import { tags, trigger, uuid, type Entity } from './entity.ts';
import { fleet, STATES } from './fleet.ts';

/** What the UserParameters of examples/zabbix/userparameters.conf say. */
export const REVISION = 2;

/** The template whose value a Zabbix agent brings, or the one whose value is pushed by zabbix_sender. */
export async function zabbixTemplate(from: 'agent' | 'sender'): Promise<string> {
  const name = from === 'agent' ? 'PostgreSQL by postgres-status' : 'PostgreSQL by postgres-status - pushed';
  const master = from === 'agent' ? 'postgres-status.bulk' : 'postgres-status.pushed';
  const { items, alarms } = fleet(name, master);
  const content = {
    zabbix_export: {
      version: '6.0',
      date: '2026-11-26T00:00:00Z',
      // the group of Zabbix's own templates
      groups: [{ uuid: '748ad4d098d447d492bb935c907f652f', name: 'Templates/Databases' }],
      templates: [
        {
          uuid: uuid(name),
          template: name,
          name,
          description:
            'PostgreSQL under Patroni with WAL-G backups, as postgres-status sees it: every check of its verdict has triggers. See README.md beside this file.',
          groups: [{ name: 'Templates/Databases' }],
          items: [masterItem(name, master, from), ...(from === 'agent' ? [revisionItem(name)] : []), ...items],
          discovery_rules: [clusterRule(name, master, alarms)],
          tags: tags({ class: 'database', target: 'postgresql' }),
          macros: macros(from),
          dashboards: [dashboard(name)],
          valuemaps: [
            {
              uuid: uuid(`${name} valuemap`),
              name: 'Verdict of postgres-status',
              mappings: STATES.map(({ state, code }) => ({ value: String(code), newvalue: state })),
            },
          ],
        },
      ],
      triggers: [trigger(name, alarms.unlisted)],
      graphs: [verdictGraph(name)],
    },
  };
  return format(stringify(content, { lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false }), {
    parser: 'yaml',
    printWidth: 120,
    singleQuote: true,
  });
}

function masterItem(template: string, key: string, from: 'agent' | 'sender'): Entity {
  return {
    uuid: uuid(`${template} ${key}`),
    name: 'Value of postgres-status',
    type: from === 'agent' ? 'ZABBIX_ACTIVE' : 'TRAP',
    key,
    delay: from === 'agent' ? '{$POSTGRES_STATUS.INTERVAL}' : '0',
    history: '0',
    trends: '0',
    value_type: 'TEXT',
    description: 'All clusters in one value. It is not stored; every other item takes its value from it.',
    // what is not JSON makes this item unsupported, instead of looking like a fleet without clusters
    preprocessing: [{ type: 'MATCHES_REGEX', parameters: ['^\\['] }],
    tags: tags({ component: 'raw' }),
  };
}

function revisionItem(template: string): Entity {
  const key = 'postgres-status.revision';
  return {
    uuid: uuid(`${template} ${key}`),
    name: 'Revision of the UserParameters',
    type: 'ZABBIX_ACTIVE',
    key,
    delay: '{$POSTGRES_STATUS.REVISION.INTERVAL}',
    history: '7d',
    description: 'The revision of userparameters.conf on the agent; 0 = it is missing.',
    preprocessing: [
      { type: 'CHECK_NOT_SUPPORTED', parameters: [''], error_handler: 'CUSTOM_VALUE', error_handler_params: '0' },
    ],
    tags: tags({ component: 'fleet' }),
    triggers: [
      trigger(template, {
        name: 'postgres-status: the UserParameters are outdated',
        expression: `last(/${template}/${key})<${String(REVISION)}`,
        priority: 'WARNING',
        opdata: `revision {ITEM.LASTVALUE1}, wanted ${String(REVISION)}`,
        description: 'Copy the userparameters.conf that belongs to this template to the agent, and restart the agent.',
        scope: 'notice',
      }),
    ],
  };
}

const WORDS: Readonly<Record<string, string>> = { CLUSTER: 'name', CONTEXT: 'context', NAMESPACE: 'namespace' };

function macros(from: 'agent' | 'sender'): Entity[] {
  const values: Record<string, [value: string, description: string]> = {
    ...(from === 'agent' && {
      INTERVAL: ['1m', 'How often the agent runs postgres-status.'],
      'REVISION.INTERVAL': ['1h', 'How often the revision of the UserParameters is read.'],
    }),
    NODATA: ['5m', 'After how long without a value there is a problem.'],
    'STALE.MAX': ['5m', 'How old the document of a cluster may be. Context: the name of the cluster.'],
    'LAG.MAX': [
      '1G',
      'How many bytes a replica may lag, in addition to the limit of the verdict. Context: the name of the cluster.',
    ],
    'BACKUP.MAX': [
      '8d',
      'How old the newest backup may be, in addition to the limit of the verdict. Context: the name of the cluster.',
    ],
    'MEMBERS.WINDOW': ['1d', 'How long a larger number of members is remembered. Context: the name of the cluster.'],
    'CLUSTERS.MIN': ['1', 'The smallest number of clusters that is not a problem.'],
    ...Object.fromEntries(
      ['CLUSTER', 'CONTEXT', 'NAMESPACE'].flatMap((what): [string, [string, string]][] => [
        [
          `LLD.${what}.MATCHES`,
          ['.*', `Discover only clusters whose ${WORDS[what] ?? ''} matches this regular expression.`],
        ],
        [
          `LLD.${what}.NOT_MATCHES`,
          ['CHANGE_IF_NEEDED', `Do not discover clusters whose ${WORDS[what] ?? ''} matches this regular expression.`],
        ],
      ]),
    ),
  };
  return Object.entries(values)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([macro, [value, description]]) => ({ macro: `{$POSTGRES_STATUS.${macro}}`, value, description }));
}

const COLOURS: Readonly<Record<string, string>> = {
  ok: '1A7C11',
  warning: 'FFC859',
  critical: 'E45959',
  unknown: '97AAB3',
};

function verdictGraph(template: string): Entity {
  return {
    uuid: uuid(`${template} graph verdicts`),
    name: 'Clusters by verdict',
    type: 'STACKED',
    graph_items: STATES.map(({ state }, index) => ({
      sortorder: String(index),
      color: COLOURS[state],
      item: { host: template, key: `postgres-status.clusters.${state}` },
    })),
  };
}

/** The fleet in numbers, its verdicts over time, and a graph for each cluster. */
function dashboard(template: string): Entity {
  const numbers = {
    'clusters.critical': 'Critical',
    'clusters.unknown': 'Unknown',
    'clusters.warning': 'Warning',
    'clusters.ok': 'OK',
    'clusters.unread': 'Not readable',
    unlisted: 'Contexts not listed',
  };
  return {
    uuid: uuid(`${template} dashboard`),
    name: 'PostgreSQL clusters',
    pages: [
      {
        name: 'Fleet',
        widgets: [
          ...Object.entries(numbers).map(([key, title], index) => ({
            type: 'ITEM',
            name: title,
            x: String(index * 4),
            width: '4',
            height: '4',
            fields: [
              { type: 'ITEM', name: 'itemid', value: { host: template, key: `postgres-status.${key}` } },
              // the value alone: neither its name, which is above it, nor its time
              { type: 'INTEGER', name: 'show', value: '2' },
            ],
          })),
          {
            type: 'GRAPH_CLASSIC',
            y: '4',
            width: '24',
            height: '7',
            fields: [{ type: 'GRAPH', name: 'graphid', value: { host: template, name: 'Clusters by verdict' } }],
          },
        ],
      },
      {
        name: 'Clusters',
        widgets: [
          {
            type: 'GRAPH_PROTOTYPE',
            width: '24',
            height: '16',
            fields: [
              { type: 'INTEGER', name: 'columns', value: '2' },
              { type: 'INTEGER', name: 'rows', value: '3' },
              {
                type: 'GRAPH_PROTOTYPE',
                name: 'graphid',
                value: { host: template, name: '{#CLUSTER} in {#WHERE}: lag and WAL not archived' },
              },
            ],
          },
        ],
      },
    ],
  };
}
