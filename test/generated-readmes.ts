import { writeFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { checks } from '../src/doctor/index.ts';
import { statusDocument } from '../src/document/schema.ts';
import { defaultInWords, optionList, variableName } from '../src/options/definitions.ts';
import { DIAGNOSTICS } from '../src/options/diagnostics.ts';
import { clusterDashboard } from './docs/cluster-dashboard.ts';
import { fleetDashboard } from './docs/fleet-dashboard.ts';
import { prometheusRule } from './docs/prometheus-rule.ts';
import { reportPicture } from './docs/report-picture.ts';
import { zabbixTemplate } from './docs/zabbix/template.ts';

/**
 * Documentation and examples made by the code: the tables of the keys and of the options, the picture of a report, the rules for the
 * Prometheus Operator and the dashboards. The files are committed, because they are read and downloaded on the web. `npm run format`
 * writes them, and a test compares them with the output of the code.
 */
export const generated: readonly { file: URL; text: () => string | Promise<string> }[] = [
  { file: new URL('../examples/report.svg', import.meta.url), text: reportPicture },
  { file: new URL('../examples/prometheusrule.yaml', import.meta.url), text: prometheusRule },
  { file: new URL('../examples/grafana/fleet.json', import.meta.url), text: fleetDashboard },
  { file: new URL('../examples/grafana/cluster.json', import.meta.url), text: clusterDashboard },
  { file: new URL('../examples/zabbix/template.yaml', import.meta.url), text: () => zabbixTemplate('agent') },
  { file: new URL('../examples/zabbix/template-pushed.yaml', import.meta.url), text: () => zabbixTemplate('sender') },
  {
    file: new URL('../src/document/README.md', import.meta.url),
    text: () =>
      page(
        'The keys of the document',
        'The first seven keys are a contract with the programs that read the document; they keep their shapes. `null` means "not known".',
        keys(),
        'The entries of `walg_backups.recent` are like `walg_last_backup`, `newest_full` is like `oldest`, and `walg_backups` and\n`walg_verify` stand beside `patroni` in `collectors`. Whatever else Patroni or WAL-G says in `cluster_status`,\n`walg_timeline` and `walg_integrity` is passed through. `postgres-status --schema` prints the JSON Schema.',
      ),
  },
  {
    file: new URL('../src/options/README.md', import.meta.url),
    text: () =>
      page(
        'The options',
        'Each option has a variable. A flag overrides the variable in the WAL-G environment, which overrides the one in the process environment.',
        options(),
        `Durations are \`50s\`, \`1m30s\`, \`26h\` or \`8d\`; sizes \`512kB\`, \`16MB\` or \`16MiB\`, of 1024 as in PostgreSQL. In a variable a switch\nis \`true\` or \`false\`.\n\n\`--doctor\`, beside the options of a run, checks the set-up instead of running, and says what to fix:\n\n${doctor()}\n\n## Diagnostics\n\n${diagnostics()}`,
      ),
  },
];

function page(title: string, before: string, table: string, after: string): string {
  const note = '<!-- Generated: change the code, and run npm run format. -->';
  return `# ${title}\n\n${note}\n\n${before}\n\n${table}\n\n${after}\n`;
}

function options(): string {
  const rows = optionList.map((option) => [
    `\`${option.flags}\``,
    `\`${variableName(option.name)}\``,
    option.description,
    defaultInWords(option) ?? '',
  ]);
  return markdownTable(['option', 'variable', 'meaning', 'default'], rows);
}

/** The checks of --doctor. */
function doctor(): string {
  return markdownTable(
    ['check', 'what it checks'],
    checks.map(({ name, what }) => [`\`${name}\``, what]),
  );
}

/** Error messages, and what to do about each. */
function diagnostics(): string {
  return markdownTable(
    ['it says', 'what to do'],
    DIAGNOSTICS.map(([message, remedy]) => [`\`${message}\``, remedy]),
  );
}

/** Every key of the document with its description in the schema. A part that was described under another key is not repeated. */
function keys(): string {
  const rows: string[][] = [];
  const seen = new Set<string>();
  const walk = (schema: JsonSchema, path: string) => {
    if (typeof schema === 'boolean') return;
    for (const each of schema.anyOf ?? []) walk(each, path);
    for (const each of [schema.items ?? []].flat()) walk(each, `${path}[]`);
    const shape = JSON.stringify(schema.properties);
    if (schema.properties === undefined || seen.has(shape)) return;
    seen.add(shape);
    for (const [key, property] of Object.entries(schema.properties)) {
      if (typeof property === 'boolean') continue;
      const name = path === '' ? key : `${path}.${key}`;
      if (property.description !== undefined) rows.push([`\`${name}\``, property.description]);
      walk(property, name);
    }
  };
  walk(z.toJSONSchema(statusDocument), '');
  return markdownTable(['key', 'meaning'], rows);
}

type JsonSchema = z.core.JSONSchema.JSONSchema | boolean;

function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n');
}

/** Escapes Markdown, except between backquotes. */
function escaped(cell: string): string {
  return cell.replaceAll(/(`[^`]*`)|[<_*$|]/g, (found, code: string | undefined) => code ?? `\\${found}`);
}

if (import.meta.main) for (const { file, text } of generated) writeFileSync(file, await text());
