/** The parts of a Grafana dashboard (schema version 39, Grafana 10.3 and newer) that our dashboards use. */

export interface Query {
  expr: string;
  /** The name of the series, or in a table that of the column. */
  legend?: string;
}

export interface PanelOptions {
  title: string;
  description?: string;
  unit?: string;
  /** The width in units of 1/24 of the page, the height in grid rows. */
  size: [width: number, height: number];
  queries: readonly Query[];
}

export interface Panel {
  type: string;
  title: string;
  [key: string]: unknown;
}

type Draft = Panel & { gridPos: { w: number; h: number } };

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** Texts and colours of the statuses. */
const STATES = [
  {
    type: 'value',
    options: {
      0: { text: 'ok', color: 'green', index: 0 },
      1: { text: 'warning', color: 'yellow', index: 1 },
      2: { text: 'critical', color: 'red', index: 2 },
      3: { text: 'unknown', color: 'purple', index: 3 },
    },
  },
];

function draft(type: string, { title, description, size: [w, h], queries, unit }: PanelOptions, kind: object): Draft {
  return {
    type,
    title,
    ...(description !== undefined && { description }),
    datasource: DATASOURCE,
    gridPos: { w, h },
    targets: queries.map(({ expr, legend }, index) => ({
      datasource: DATASOURCE,
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      expr,
      ...(legend !== undefined && { legendFormat: legend }),
      ...kind,
    })),
    fieldConfig: { defaults: { ...(unit !== undefined && { unit }) }, overrides: [] },
    options: {},
  };
}

const NOW = { instant: true, range: false, format: 'time_series' };
const TABLE = { instant: true, range: false, format: 'table' };
const OVER_TIME = { instant: false, range: true, format: 'time_series' };

/** One number. @param steps thresholds with the colour from there on */
export function stat(options: PanelOptions, steps: readonly (readonly [number | null, string])[] = [[null, 'blue']]) {
  return {
    ...draft('stat', options, NOW),
    fieldConfig: {
      defaults: {
        ...(options.unit !== undefined && { unit: options.unit }),
        color: { mode: 'thresholds' },
        thresholds: { mode: 'absolute', steps: steps.map(([value, color]) => ({ value, color })) },
        noValue: 'not known',
      },
      overrides: [],
    },
    options: {
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      colorMode: 'background',
      graphMode: 'none',
      textMode: 'value',
    },
  };
}

/** One number that is a status. */
export function status(options: PanelOptions) {
  const panel = stat(options);
  return { ...panel, fieldConfig: { defaults: { ...panel.fieldConfig.defaults, mappings: STATES }, overrides: [] } };
}

/** A text: the value of the label that the legend of the query names. */
export function name(options: PanelOptions) {
  const panel = stat(options);
  return { ...panel, options: { ...panel.options, textMode: 'name' } };
}

export function graph(options: PanelOptions) {
  return {
    ...draft('timeseries', options, OVER_TIME),
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

/** A line for each series, coloured by its status. */
export function timeline(options: PanelOptions) {
  return {
    ...draft('state-timeline', options, OVER_TIME),
    fieldConfig: { defaults: { mappings: STATES, custom: { fillOpacity: 80, lineWidth: 0 } }, overrides: [] },
    options: { mergeValues: true, showValue: 'never', rowHeight: 0.85, legend: { showLegend: false } },
  };
}

export interface Column {
  /** A label, or the legend of a query. */
  of: string;
  name: string;
  unit?: string;
  isStatus?: boolean;
  /** The URL that a click opens. */
  link?: string;
}

/** A row for each set of labels, and a column for the value of each query. Fields without a column are hidden. */
export function table(options: PanelOptions, columns: readonly Column[], sort?: string) {
  const panel = draft('table', options, TABLE);
  // Grafana calls the value of a query "Value #A", and "Value" where there is only one
  const single = options.queries.length === 1;
  const field = (of: string) => {
    const index = options.queries.findIndex(({ legend }) => legend === of);
    return index < 0 ? of : single ? 'Value' : `Value #${String.fromCharCode('A'.charCodeAt(0) + index)}`;
  };
  const shown = columns.map((column) => ({ ...column, field: field(column.of) }));
  return {
    ...panel,
    fieldConfig: {
      defaults: { noValue: 'not known' },
      overrides: shown
        .filter(({ unit, isStatus, link }) => unit !== undefined || isStatus === true || link !== undefined)
        .map(({ name: title, unit, isStatus, link }) => ({
          matcher: { id: 'byName', options: title },
          properties: [
            ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
            ...(isStatus === true
              ? [
                  { id: 'mappings', value: STATES },
                  { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
                ]
              : []),
            ...(link === undefined ? [] : [{ id: 'links', value: [{ title: 'Show this cluster', url: link }] }]),
          ],
        })),
    },
    options: {
      showHeader: true,
      cellHeight: 'sm',
      sortBy: sort === undefined ? [] : [{ displayName: sort, desc: true }],
    },
    transformations: [
      ...(single ? [] : [{ id: 'merge', options: {} }]),
      { id: 'filterFieldsByName', options: { include: { names: shown.map(({ field: one }) => one) } } },
      {
        id: 'organize',
        options: {
          excludeByName: {},
          indexByName: Object.fromEntries(shown.map(({ field: one }, index) => [one, index])),
          renameByName: Object.fromEntries(shown.map(({ field: one, name: title }) => [one, title])),
        },
      },
    ],
  };
}

export interface Variable {
  name: string;
  label: string;
  /** The metric from which the values of the label are read. */
  metric: string;
  multi: boolean;
}

/** A variable with the values of a label. "All" also matches series without that label. */
function variable({ name: label, label: title, metric, multi }: Variable) {
  const query = `label_values(${metric}, ${label})`;
  return {
    type: 'query',
    name: label,
    label: title,
    datasource: DATASOURCE,
    query: { query, refId: `variable-${label}` },
    definition: query,
    refresh: 2,
    sort: 1,
    multi,
    includeAll: multi,
    ...(multi && { allValue: '.*', current: { text: ['All'], value: ['$__all'] } }),
    hide: 0,
    options: [],
  };
}

export interface Dashboard {
  uid: string;
  title: string;
  description: string;
  variables: readonly Variable[];
  /** Rows can be collapsed. */
  rows: readonly { title: string; panels: readonly Draft[] }[];
}

/** The JSON that Grafana imports. The panels of a row are side by side, and continue in the next line when the width is used up. */
export function dashboardJson({ uid, title, description, variables, rows }: Dashboard): string {
  const panels: Panel[] = [];
  let y = 0;
  for (const row of rows) {
    panels.push({
      type: 'row',
      title: row.title,
      id: panels.length + 1,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: 24, h: 1 },
    });
    y += 1;
    let [x, height] = [0, 0];
    for (const panel of row.panels) {
      if (x + panel.gridPos.w > 24) [x, y, height] = [0, y + height, 0];
      panels.push({ ...panel, id: panels.length + 1, gridPos: { x, y, ...panel.gridPos } });
      x += panel.gridPos.w;
      height = Math.max(height, panel.gridPos.h);
    }
    y += height;
  }
  const dashboard = {
    uid,
    title,
    description,
    tags: ['postgresql', 'patroni', 'wal-g'],
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    refresh: '1m',
    time: { from: 'now-24h', to: 'now' },
    timezone: '',
    links: [
      {
        type: 'dashboards',
        icon: 'external link',
        tooltip: '',
        targetBlank: false,
        title: 'postgres-status',
        tags: ['patroni'],
        asDropdown: false,
        includeVars: true,
        keepTime: true,
      },
    ],
    annotations: { list: [] },
    templating: {
      list: [
        {
          type: 'datasource',
          name: 'datasource',
          label: 'Prometheus',
          query: 'prometheus',
          refresh: 1,
          hide: 0,
          options: [],
        },
        ...variables.map(variable),
      ],
    },
    panels,
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
