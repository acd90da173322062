const DURATIONS = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3_600 },
  { unit: 'min', seconds: 60 },
  { unit: 's', seconds: 1 },
] as const;

/** A duration for people: `0.4 s`, `45 s`, `3 h 20 min`, `9 d`; by default its two largest units. */
export function formatDuration(seconds: number, units = 2): string {
  if (seconds < 0) return `-${formatDuration(-seconds, units)}`;
  if (seconds < 9.95) return `${trimmed(seconds)} s`;
  const whole = Math.round(seconds);
  const largest = DURATIONS.findIndex((duration) => whole >= duration.seconds);
  const parts: string[] = [];
  let left = whole;
  for (const { unit, seconds: size } of DURATIONS.slice(largest, largest + units)) {
    const number = Math.floor(left / size);
    if (number > 0) parts.push(`${number} ${unit}`);
    left -= number * size;
  }
  return parts.join(' ');
}

/** A duration for a narrow column, as kubectl prints ages: `45s`, `17m`, `3h`, `9d`. */
export function formatBriefDuration(seconds: number): string {
  return formatDuration(Math.round(seconds), 1).replace(' min', 'm').replace(' ', '');
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A size for people, in powers of 1024 as in PostgreSQL: `512 B`, `1.5 MiB`, `16 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 0) return `-${formatBytes(-bytes)}`;
  let [size, unit] = [bytes, 0];
  while (Math.round(size) >= 1024 && unit < SIZES.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 || size >= 9.95 ? Math.round(size) : trimmed(size)} ${SIZES[unit] ?? ''}`;
}

/** A size for a narrow column, as Kubernetes writes quantities: `0`, `512`, `1.5Mi`. */
export function formatBriefBytes(bytes: number): string {
  return formatBytes(bytes).replace(/ (.?i?)B$/, '$1');
}

/** With one decimal, unless that is 0. */
function trimmed(number: number): string {
  const text = number.toFixed(1);
  return text.endsWith('.0') ? text.slice(0, -2) : text;
}
