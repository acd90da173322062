import { statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { isExecutable } from '../system/executable.ts';
import { followLinks } from '../system/follow-links.ts';
import { parseDuration } from '../text/parse-units.ts';

/** Parsers of option values. Each throws an Error with a message that follows the option and the value. */

/** The value must not be shown, because it may contain a secret. */
export class SecretValueError extends Error {
  override name = 'SecretValueError';
}

/** The time limit of the run: at least a second, because starting and ending children takes time; more than a day is a mistake. */
export function parseTimeout(text: string): number {
  const duration = parseDuration(text);
  if (duration < 1000 || duration > 86_400_000) throw new Error('is not between 1s and 1d');
  return duration;
}

/** One or more base URLs of Patroni's REST API, separated by blanks or commas. */
export function parsePatroniUrls(text: string): URL[] {
  if (text.includes('@')) throw new SecretValueError('holds a user name or password: Patroni asks for none to read');
  if (/[?#]/.test(text)) throw new SecretValueError('is not a base URL: leave out what follows ? and #');
  const urls = parseList(text).map(parsePatroniUrl);
  if (urls.length === 0) throw new Error('names no URL');
  return urls;
}

function parsePatroniUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new Error('is not a URL such as http://localhost:8008');
  return url;
}

/** Names separated by commas or blanks. */
export function parseList(text: string): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '');
}

/** Patterns of application names, which may hold blanks, separated by commas. */
export function parsePatterns(text: string): string[] {
  const patterns = text
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
  if (patterns.length === 0) throw new Error('names no pattern');
  return patterns;
}

/** The value of a switch in a variable. */
export function parseSwitch(text: string): boolean {
  const on = switchedOn(text);
  if (on === undefined) throw new Error('is neither true nor false');
  return on;
}

function switchedOn(text: string): boolean | undefined {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  return /^(0|false|no|off)$/i.test(text) ? false : undefined;
}

/** One of the permitted values. */
export function parseChoice<Choice extends string>(choices: readonly Choice[]): (text: string) => Choice {
  return (text) => {
    const choice = choices.find((known) => known === text);
    if (choice === undefined) throw new Error(`is none of: ${choices.join(', ')}`);
    return choice;
  };
}

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** The name of a ConfigMap: an RFC 1123 subdomain. */
export function parseConfigMapName(text: string): string {
  if (!SUBDOMAIN.test(text) || text.length > 253)
    throw new Error('is no name that Kubernetes allows: lower-case letters, digits, "-" and ".", 253 at most');
  return text;
}

/** The value of the variable of --configmap: a switch, or the name of the ConfigMap. */
export function parseConfigMapSwitch(text: string): boolean | string {
  return switchedOn(text) ?? parseConfigMapName(text);
}

/** The value of --configmap on the command line, where a "no" is a mistake, not a wish to publish nothing. */
export function parseConfigMap(text: string): true | string {
  const asked = parseConfigMapSwitch(text);
  if (asked === false)
    throw new Error('would publish nothing: leave the option out, or name a ConfigMap that is called otherwise');
  return asked;
}

/** The name of a namespace: an RFC 1123 label. */
export function parseNamespace(text: string): string {
  if (!LABEL.test(text) || text.length > 63)
    throw new Error('is no namespace that Kubernetes allows: lower-case letters, digits and "-", 63 at most');
  return text;
}

/** The name of the ConfigMap for a STATUS_NAME (contract): Zabbix finds names that begin with status-postgres or status-citus. */
export function parseStatusName(text: string): string {
  if (!/^(postgres|citus)/.test(text))
    throw new Error('begins with neither postgres nor citus, and Zabbix would not find it');
  return parseConfigMapName(`status-${text}`);
}

/** The path of a program. */
export function parseProgram(text: string): string {
  if (!isExecutable(text)) throw new Error('is no program that can be run');
  return text;
}

/** The name of a collector. */
export function parseCollector<Name extends string>(names: readonly Name[]): (text: string) => Name {
  return (text) => {
    const name = names.find((known) => known === text);
    if (name === undefined) throw new Error(`names "${text}", which is no collector: there are ${names.join(', ')}`);
    return name;
  };
}

/**
 * The path of a file to write, in an existing folder. Writing replaces the file: for a symbolic link that is its target, and a device
 * such as /dev/null is refused, because root would replace it by a regular file.
 */
export function parseOutput(text: string): string {
  const folder = dirname(text);
  if (!look(folder)?.isDirectory()) throw new Error(`cannot be written: the folder ${folder} does not exist`);
  followLinks(folder);
  const there = look(text);
  if (there === undefined) return text;
  if (there.isDirectory()) throw new Error('is a folder: name a file in it');
  if (!there.isFile()) throw new Error('is no file that could be replaced');
  return followLinks(text);
}

/** Undefined = it does not exist, or may not be accessed. */
function look(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** A time in ISO 8601, with its offset from UTC or a `Z`, in epoch milliseconds. */
export function parseTime(text: string): number {
  const time = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw new Error('is no time such as 2026-11-21T08:30:00Z');
  return time;
}

/** A whole number, 0 or more. */
export function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error('is no whole number');
  return Number(text);
}

/** `warning[,critical]`: one or two thresholds. */
export function parseLevels(parse: (text: string) => number): (text: string) => { warning: number; critical?: number } {
  return (text) => {
    const [warning = '', critical, ...more] = text.split(',').map((part) => part.trim());
    if (more.length > 0) throw new Error('has more than two parts: warning[,critical]');
    if (critical === undefined) return { warning: parse(warning) };
    return { warning: parse(warning), critical: parse(critical) };
  };
}
