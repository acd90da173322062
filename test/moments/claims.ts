/** The required output for one check. */
export interface Claim {
  /** One of these. */
  status: readonly Status[];
  /** Patterns that must occur in the line of the check; for the verdict, in the first line. */
  says: readonly RegExp[];
  never: readonly RegExp[];
}

export type Status = 'ok' | 'warning' | 'critical' | 'unknown';
/**
 * `verdict` is the first line, `anywhere` the whole output, `report` that of --format report; the others are checks. The checks that
 * are not named must be ok, or what `rest` says.
 */
export type Claims = Readonly<Record<string, Claim>>;

const claim = (status: readonly Status[], says: readonly RegExp[]): Claim => ({
  status,
  says,
  never: [],
});
export const ok = (...says: RegExp[]): Claim => claim(['ok'], says);
export const warning = (...says: RegExp[]): Claim => claim(['warning'], says);
export const critical = (...says: RegExp[]): Claim => claim(['critical'], says);
export const unknown = (...says: RegExp[]): Claim => claim(['unknown'], says);
export const either = (status: readonly Status[], ...says: RegExp[]): Claim => claim(status, says);
export const bad = (...says: RegExp[]): Claim => claim(['warning', 'critical'], says);
export const told = (...says: RegExp[]): Claim => claim([], says);
export const never = (...words: RegExp[]): Claim => ({ ...claim([], []), never: words });

/** The output of a run. */
export interface Output {
  nagios: string;
  report: string;
}

/** The claims that the output does not fulfil; empty if it fulfils all. */
export function unfulfilled(claims: Claims, output: Output): string[] {
  const { rest = ok(), ...named } = claims;
  const others = checksIn(output.nagios).filter((check) => named[check] === undefined);
  const all = [...Object.entries(named), ...others.map((check) => [check, rest] as const)];
  return all.flatMap(([name, wanted]) => violations(name, wanted, output));
}

function violations(name: string, wanted: Claim, output: Output): string[] {
  const { status, says, never: forbidden } = wanted;
  const text = textOf(name, output);
  // a check that is left out counts as ok
  if (text === undefined) return status.includes('ok') && says.length === 0 ? [] : [`there is no check ${name}`];
  const found = /^(?:POSTGRES |\[)(OK|WARNING|CRITICAL|UNKNOWN)/.exec(text)?.[1]?.toLowerCase();
  return [
    ...(status.length === 0 || status.some((one) => one === found)
      ? []
      : [`${name} is ${String(found)}, not ${status.join(' or ')}: ${text}`]),
    ...says.filter((words) => !words.test(text)).map((words) => `${name} does not say ${String(words)}: ${text}`),
    ...forbidden.filter((words) => words.test(text)).map((words) => `${name} says ${String(words)}: ${text}`),
  ];
}

const DETAIL = /^\[[A-Z]+\] (\w+): /;

function checksIn(nagios: string): string[] {
  return nagios.split('\n').flatMap((line) => DETAIL.exec(line)?.[1] ?? []);
}

function textOf(name: string, { nagios, report }: Output): string | undefined {
  if (name === 'anywhere') return nagios;
  if (name === 'report') return report;
  const lines = nagios.split('\n');
  return name === 'verdict' ? lines[0] : lines.find((line) => DETAIL.exec(line)?.[1] === name);
}
