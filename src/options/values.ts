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

/** How old a verification may be: one that is older than a day says little about what can be restored. */
export function parseVerifyEvery(text: string): number {
  const duration = parseDuration(text);
  if (duration < 1000 || duration > 86_400_000) throw new Error('is not between 1s and 1d');
  return duration;
}

/** One or more base URLs of Patroni's REST API, separated by blanks or commas. */
export function parsePatroniUrls(text: string): URL[] {
  if (text.includes('@'))
    throw new SecretValueError('contains a user name or password, which Patroni does not need for reading');
  if (/[?#]/.test(text)) throw new SecretValueError('is not a base URL: remove the part after ? or #');
  const urls = parseList(text).map(parsePatroniUrl);
  if (urls.length === 0) throw new Error('contains no URL');
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
  if (patterns.length === 0) throw new Error('contains no pattern');
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
    if (choice === undefined) throw new Error(`is not one of: ${choices.join(', ')}`);
    return choice;
  };
}

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** The name of a ConfigMap: an RFC 1123 subdomain. */
export function parseConfigMapName(text: string): string {
  if (!SUBDOMAIN.test(text) || text.length > 253)
    throw new Error('is not a name that Kubernetes allows: lower-case letters, digits, "-" and ".", 253 at most');
  return text;
}

/** The value of --from: one ConfigMap, or every one that was published. */
export function parseFrom(text: string): { configMap: string | undefined } {
  const [, name] = /^(?:configmap|cm)\/(.*)$/.exec(text) ?? [];
  if (name !== undefined) return { configMap: parseConfigMapName(name) };
  if (text !== 'configmaps') throw new Error('is neither configmaps nor configmap/NAME');
  return { configMap: undefined };
}

/** A label selector. The API server checks it; here only what cannot be one is refused. */
export function parseSelector(text: string): string {
  if (text.length > 4096 || /\p{Cc}/u.test(text)) throw new Error('is not a label selector');
  return text;
}

/** The time limit of a request. */
export function parseRequestTimeout(text: string): number {
  const duration = parseDuration(text);
  if (duration < 100 || duration > 600_000) throw new Error('is not between 100ms and 10m');
  return duration;
}

/** The value of the variable of --configmap: a switch, or the name of the ConfigMap. */
export function parseConfigMapSwitch(text: string): boolean | string {
  return switchedOn(text) ?? parseConfigMapName(text);
}

/** The value of --configmap on the command line, where a "no" is a mistake, not a wish to publish nothing. */
export function parseConfigMap(text: string): true | string {
  const asked = parseConfigMapSwitch(text);
  if (asked === false) throw new Error('would publish nothing: remove the option, or give another name');
  return asked;
}

/** The name of a namespace: an RFC 1123 label. */
export function parseNamespace(text: string): string {
  if (!LABEL.test(text) || text.length > 63)
    throw new Error('is not a namespace that Kubernetes allows: lower-case letters, digits and "-", 63 at most');
  return text;
}

/** The name of the ConfigMap for a STATUS_NAME (contract): Zabbix finds names that begin with status-postgres or status-citus. */
export function parseStatusName(text: string): string {
  if (!/^(postgres|citus)/.test(text))
    throw new Error('starts with neither postgres nor citus, so Zabbix would not find it');
  return parseConfigMapName(`status-${text}`);
}

/** The path of a program. */
export function parseProgram(text: string): string {
  if (!isExecutable(text)) throw new Error('is not an executable file');
  return text;
}

/** The name of a collector. */
export function parseCollector<Name extends string>(names: readonly Name[]): (text: string) => Name {
  return (text) => {
    const name = names.find((known) => known === text);
    if (name === undefined) throw new Error(`contains "${text}", which is not a collector: use ${names.join(', ')}`);
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
  if (there.isDirectory()) throw new Error('is a folder: give the name of a file');
  if (!there.isFile()) throw new Error('is not a regular file');
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
  if (Number.isNaN(time)) throw new Error('is not a time such as 2026-11-21T08:30:00Z');
  return time;
}

/** A whole number, 0 or more. */
export function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error('is not a whole number');
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
