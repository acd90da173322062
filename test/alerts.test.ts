import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { checkNames } from '../src/health/index.ts';
import { needs } from './stand-ins/needs.ts';

const HERE = import.meta.dirname;
const read = (...path: string[]) => readFileSync(join(HERE, ...path), 'utf8');

const rule = z.strictObject({
  alert: z.string().regex(/^Postgres[A-Za-z]+$/),
  expr: z.string(),
  for: z
    .string()
    .regex(/^\d+[mh]$/)
    .optional(),
  labels: z.strictObject({ severity: z.enum(['warning', 'critical']), check: z.enum(checkNames).optional() }),
  annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook_url: z.string() }),
});
const rules = z
  .strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(rule) })) })
  .parse(parse(read('../examples/alerts.rules.yaml')))
  .groups.flatMap((group) => group.rules);
const names = rules.map(({ alert }) => alert);

describe('examples/alerts.rules.yaml', () => {
  test('has each alert once', () => {
    expect(names).toEqual([...new Set(names)]);
  });

  test('has an alert for each status of each check that the table in README.md has', () => {
    const table = /\n\| check \| warning \| critical \|\n[^\n]*\n((?:\|.*\n)+)/.exec(read('../README.md'))?.[1] ?? '';
    const wanted = table
      .trim()
      .split('\n')
      .flatMap((line) => {
        const [, check = '', warning = '', critical = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
        return [...(warning === '' ? [] : [`${check} warning`]), ...(critical === '' ? [] : [`${check} critical`])];
      });
    const alerts = rules.map(({ labels }) => `\`${labels.check ?? 'any'}\` ${labels.severity}`);
    expect(new Set(wanted.map((line) => line.split(' ')[0]))).toEqual(new Set(checkNames.map((name) => `\`${name}\``)));
    expect(wanted.filter((line) => !alerts.includes(line))).toEqual([]);
  });

  test.each(rules)('$alert is about the check that its label names, and about clusters', ({ expr, labels }) => {
    const asked = [...expr.matchAll(/check="(\w+)"/g)].map(([, check]) => check);
    expect([labels.check, ...asked].filter((check) => check !== labels.check)).toEqual([]);
    const without = [...expr.matchAll(/without \(([^)]*)\)/g)].map(([, dropped = '']) => dropped.split(', '));
    const perHost = without.filter((dropped) => !dropped.includes('backup_type') || dropped.length > 1);
    expect(perHost.filter((dropped) => !['instance', 'node', 'pod'].every((one) => dropped.includes(one)))).toEqual([]);
    expect(expr).not.toMatch(/\bby \(/);
  });

  test('uses only metrics that exist', () => {
    const folder = join(HERE, '../src/formats/prometheus');
    const source = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    const asked = rules.flatMap(({ expr }) => expr.match(/postgres_status_\w+/g) ?? []);
    expect(asked.filter((metric) => !source.some((text) => text.includes(`'${metric}'`)))).toEqual([]);
  });

  needs('promtool')('is what promtool takes, without a remark', () => {
    const checked = execFileSync(
      'promtool',
      ['check', 'rules', '--lint=all', '--lint-fatal', join(HERE, '../examples/alerts.rules.yaml')],
      { encoding: 'utf8' },
    );
    expect(checked).toMatch(new RegExp(`SUCCESS: ${String(rules.length)} rules found\n`));
  });
});

describe('examples/runbook.md', () => {
  const chapters = read('../examples/runbook.md')
    .split(/^## /m)
    .slice(1)
    .map((chapter) => ({ title: chapter.split('\n', 1)[0], chapter }));

  test('has exactly one section for each alert, in the same order', () => {
    expect(chapters.map(({ title }) => title)).toEqual(names);
  });

  test.each(rules)('$alert links to its section', ({ alert, annotations }) => {
    // the anchor that GitHub, GitLab and Forgejo create for a heading of one word
    expect(annotations.runbook_url).toBe(`examples/runbook.md#${alert.toLowerCase()}`);
  });

  test.each(chapters)('meaning, impact, diagnosis with a command, mitigation: $title', ({ chapter }) => {
    const parts = [...chapter.matchAll(/^\*\*(\w+)\.\*\*(?: |$)/gm)].map(([, part]) => part);
    expect(parts).toEqual(['Meaning', 'Impact', 'Diagnosis', 'Mitigation']);
    expect(chapter).toMatch(/\n```sh\n[^`]+\n```\n/);
  });

  test('all links lead to sections', () => {
    const anchors = chapters.flatMap(({ chapter }) =>
      [...chapter.matchAll(/\]\(#(\w+)\)/g)].map(([, anchor]) => anchor),
    );
    const known = names.map((name) => name.toLowerCase());
    expect(anchors.filter((anchor) => !known.includes(anchor ?? ''))).toEqual([]);
  });
});

describe('test/alerts/', () => {
  const promtoolTest = z.object({
    tests: z.array(
      z.object({
        name: z.string(),
        alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()).optional() })),
      }),
    ),
  });
  const files = readdirSync(join(HERE, 'alerts'));
  const tests = files.flatMap((file) => promtoolTest.parse(parse(read('alerts', file))).tests);
  const tested = (rings: boolean, name: RegExp) =>
    new Set(
      tests
        .filter((one) => name.test(one.name))
        .flatMap((one) => one.alert_rule_test)
        .filter(({ exp_alerts: alerts }) => (alerts !== undefined) === rings)
        .map(({ alertname }) => alertname),
    );

  test('each alert fires, but not for a healthy cluster or one without series', () => {
    expect(tested(true, /^Postgres/)).toEqual(new Set(names));
    expect(tested(false, /^a healthy cluster/)).toEqual(new Set(names));
    expect(tested(false, /^a cluster that has no other metric/)).toEqual(new Set(names));
  });

  needs('promtool').each(files)('%s: the rules ring when they should, and only then', (file) => {
    const checked = execFileSync('promtool', ['test', 'rules', join(HERE, 'alerts', file)], { encoding: 'utf8' });
    expect(checked).toContain('SUCCESS');
  });
});
