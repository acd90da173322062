import { trimEndOf } from '../../text/trim-end.ts';

/** A number for the monitoring system to keep. */
export interface Measure {
  label: string;
  /** What is not known is left out. */
  value: number | undefined;
  /** Icinga understands seconds, bytes, percent and a bare number, and drops everything else. */
  unit: 's' | 'B' | '%' | '';
  /** The most that is well. */
  warning?: number | undefined;
  critical?: number | undefined;
}

/** `'label'=value[unit][;warning[;critical]]`, separated by blanks (Monitoring Plugins development guidelines, performance data). */
export function performanceData(measures: readonly Measure[]): string {
  const labels = new Map<string, number>();
  return measures
    .filter(({ value }) => value !== undefined && Number.isFinite(value))
    .map(({ label, value = 0, unit, warning, critical }) => {
      const thresholds = [warning, critical].map((most) => `;${most === undefined ? '' : decimal(most)}`).join('');
      return `'${unique(label, labels)}'=${decimal(value)}${unit}${trimEndOf(thresholds, ';')}`;
    })
    .join(' ');
}

/** Names of members may hold anything; a label holds nothing that ends it. Two that become the same are numbered. */
function unique(label: string, taken: Map<string, number>): string {
  const safe = label
    .slice(0, LONGEST_LABEL)
    .toWellFormed()
    .replace(/[^\p{L}\p{N}_.:/-]/gu, '_');
  let number = taken.get(safe) ?? 0;
  let name = safe;
  do {
    number += 1;
    name = number === 1 ? safe : `${safe}_${number}`;
  } while (number > 1 && taken.has(name));
  taken.set(safe, number);
  taken.set(name, taken.get(name) ?? 1);
  return name;
}

/** Graph databases cut or refuse longer ones. */
const LONGEST_LABEL = 100;

/** Never in scientific notation, which no plugin's grammar has. */
function decimal(number: number): string {
  if (Math.abs(number) >= 1e15) return BigInt(Math.round(number)).toString();
  return String(Number(number.toFixed(3)));
}
