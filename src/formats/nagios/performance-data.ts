import { trimEndOf } from '../../text/trim-end.ts';

/** A number that the monitoring system records. */
export interface Measure {
  label: string;
  /** undefined = not known; the measure is left out. */
  value: number | undefined;
  /** Icinga accepts seconds, bytes, percent and a bare number, and drops other units. */
  unit: 's' | 'B' | '%' | '';
  /** The highest value that is ok. */
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

/** Replaces characters that would end a label (they may occur in names of members), and numbers labels that become equal. */
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

/** Time series databases cut or reject longer labels. */
const LONGEST_LABEL = 100;

/** Never in scientific notation, which the grammar of performance data lacks. */
function decimal(number: number): string {
  if (Math.abs(number) >= 1e15) return BigInt(Math.round(number)).toString();
  return String(Number(number.toFixed(3)));
}
