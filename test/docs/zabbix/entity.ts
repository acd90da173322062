import { createHash } from 'node:crypto';

export type Entity = Record<string, unknown>;

/** A UUID of version 4, as Zabbix wants it, that stays the same as long as the thing is called the same. */
export function uuid(name: string): string {
  const hash = createHash('sha256').update(`postgres-status ${name}`).digest('hex');
  return `${hash.slice(0, 12)}4${hash.slice(13, 16)}8${hash.slice(17, 32)}`;
}

/** What is under a path of the JSON; `otherwise` is the value where there is nothing, else the last value stays. */
export function jsonPath(path: string, otherwise?: string): Entity {
  return {
    type: 'JSONPATH',
    parameters: [path],
    ...(otherwise === undefined
      ? { error_handler: 'DISCARD_VALUE' }
      : { error_handler: 'CUSTOM_VALUE', ...(otherwise !== '' && { error_handler_params: otherwise }) }),
  };
}

/**
 * What the row of a cluster has under this key. No other filter may compare a path with a constant: Zabbix 6.0 indexes an array by one path
 * only, that of the first such filter (`jsonpath_query_object` in its src/libs/zbxjson/jsonpath.c), and without the index each item of each
 * cluster would search all rows.
 */
export function ofRow(key: string): Entity {
  return jsonPath(`$[?(@.cluster.id == "{#ID}")].${key}.first()`);
}

/** Values that repeat are not stored again, but for one in this time. */
export function onChange(heartbeat: string): Entity {
  return { type: 'DISCARD_UNCHANGED_HEARTBEAT', parameters: [heartbeat] };
}

export const tags = (values: Readonly<Record<string, string>>): Entity[] =>
  Object.entries(values).map(([tag, value]) => ({ tag, value }));

interface ItemDefinition {
  key: string;
  name: string;
  master: string;
  preprocessing: Entity[];
  description: string;
  type?: 'CHAR' | 'TEXT' | 'FLOAT';
  units?: string;
  history?: string;
  valuemap?: string;
  component: string;
}

/** An item, or item prototype, that takes its value from another one. */
export function dependentItem(template: string, definition: ItemDefinition): Entity {
  const {
    key,
    name,
    master,
    preprocessing,
    description,
    type,
    units,
    valuemap,
    component,
    history = '31d',
  } = definition;
  const isText = type === 'CHAR' || type === 'TEXT';
  return {
    uuid: uuid(`${template} ${key}`),
    name,
    type: 'DEPENDENT',
    key,
    delay: '0',
    history,
    ...(isText && { trends: '0' }),
    ...(type !== undefined && { value_type: type }),
    ...(units !== undefined && { units }),
    description,
    ...(valuemap !== undefined && { valuemap: { name: valuemap } }),
    preprocessing,
    master_item: { key: master },
    tags: tags({ component }),
  };
}

export interface TriggerDefinition {
  name: string;
  expression: string;
  recovery?: string;
  priority: 'INFO' | 'WARNING' | 'AVERAGE' | 'HIGH';
  description: string;
  opdata?: string;
  eventName?: string;
  scope: string;
  /** The names and expressions of other triggers: while one of them rings, this one does not. */
  after?: readonly Pick<TriggerDefinition, 'name' | 'expression' | 'recovery'>[];
}

/** A trigger or trigger prototype; the fields as in an export of Zabbix 6.0. */
export function trigger(template: string, definition: TriggerDefinition): Entity {
  const { name, expression, recovery, priority, description, opdata, eventName, scope, after = [] } = definition;
  return {
    uuid: uuid(`${template} problem ${name}`),
    expression,
    ...recoveredBy(recovery),
    name,
    ...(eventName !== undefined && { event_name: eventName }),
    ...(opdata !== undefined && { opdata }),
    priority,
    description,
    ...(after.length > 0 && {
      dependencies: after.map((other) => ({
        name: other.name,
        expression: other.expression,
        ...(other.recovery !== undefined && { recovery_expression: other.recovery }),
      })),
    }),
    tags: tags({ scope }),
  };
}

function recoveredBy(expression: string | undefined): Entity {
  if (expression === undefined) return {};
  return { recovery_mode: 'RECOVERY_EXPRESSION', recovery_expression: expression };
}
