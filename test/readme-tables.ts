import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { statusDocument } from '../src/document/schema.ts';
import { defaultInWords, optionList, variableName } from '../src/options/definitions.ts';

/**
 * The tables of README.md that say again what the code says: each stands between a pair of comments, and is made from the definitions
 * of the options and from the schema. `npm run format` writes them; a test holds README.md to them.
 */
export const README = new URL('../README.md', import.meta.url);

const tables: Record<string, () => string> = { options, keys };

/** README.md with its tables as they should be. */
export function withTables(readme: string): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const between = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
    if (!between.test(text)) throw new Error(`README.md has no place for the table of ${name}`);
    return text.replace(between, (_whole, open: string, close: string) => `${open}\n${table()}\n\n${close}`);
  }, readme);
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

/** Every key of the document with its sentence from the schema; what a reader has seen under another key is not told again. */
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

/** As text that Markdown leaves alone, but for what stands between backquotes. */
function escaped(cell: string): string {
  return cell.replaceAll(/(`[^`]*`)|[<_*$|]/g, (found, code: string | undefined) => code ?? `\\${found}`);
}

if (import.meta.main) writeFileSync(README, withTables(readFileSync(README, 'utf8')));
