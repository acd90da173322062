import { isLeader } from '../document/members.ts';
import { serverDate } from '../kubectl/probe.ts';
import { withoutSlash } from '../patroni/base-url.ts';
import { within, type Limit } from '../system/deadline.ts';
import { formatDuration } from '../text/units.ts';
import { list } from '../text/words.ts';
import type { Check } from './check.ts';
import { failed, ok, skipped, warning } from './finding.ts';
import { patroniDate } from './date-header.ts';
import type { Subject } from './subject.ts';

/** Seconds. A document that is older than 5 minutes makes its reader raise an alarm. */
const MOST_DIFFERENCE = 2;
const ALARM = 300;

/** The difference between another clock and that of this host. A `Date` header has whole seconds, so only bounds of the difference are known. */
interface Clock {
  name: string;
  /** Bounds of the seconds that it is ahead; undefined = it does not report its time. */
  ahead: { least: number; most: number } | undefined;
}

/** Whether the clock of this host agrees with those of Patroni's hosts and the API server. */
export const clocks: Check = {
  name: 'clocks',
  what: "whether the clock of this host agrees with those of Patroni's hosts and the API server",
  hint: 'Synchronize the clocks with NTP: the ages of backups and of the document are differences between them.',
  examine: async (subject) => {
    const all = await Promise.all((await sources(subject)).map((source) => readClock(source, subject.now)));
    const told = all.flatMap(({ name, ahead }) => (ahead === undefined ? [] : [{ name, off: proven(ahead) }]));
    if (told.length === 0) return skipped('neither Patroni nor the API server reports its time');
    const wrong = told.filter(({ off }) => Math.abs(off) >= MOST_DIFFERENCE);
    if (wrong.length === 0)
      return ok(`the clock of this host agrees with that of ${list(told.map(({ name }) => name))} within 2 s`);
    const reason = wrong
      .map(
        ({ name, off }) =>
          `the clock of ${name} is ${formatDuration(Math.abs(off))} ${off > 0 ? 'ahead of' : 'behind'} that of this host`,
      )
      .join('; ');
    return wrong.some(({ off }) => Math.abs(off) >= ALARM) ? failed(reason) : warning(reason);
  },
};

interface Source {
  name: string;
  ask: () => Promise<string | undefined>;
}

async function sources({ setUp, budget, patroni }: Subject): Promise<Source[]> {
  const { urls, tls, leaderApi } = setUp.patroni;
  const given = (urls.value ?? []).map(withoutSlash);
  const leader = leaderApi === 'auto' ? await leaderUrl(patroni) : undefined;
  const asked = new Set([...given, ...(leader === undefined ? [] : [leader])]);
  const kubectl = setUp.publishing?.kubectl.value;
  const material = tls.value ?? { insecure: true };
  return [
    ...[...asked].map((base) => ({
      name: `Patroni (${base})`,
      ask: () => patroniDate(base, material, short(budget.collect)),
    })),
    ...(kubectl === undefined ? [] : [{ name: 'the API server', ask: () => serverDate(kubectl, budget.deliver) }]),
  ];
}

/** Its api_url without the path. */
async function leaderUrl(patroni: Subject['patroni']): Promise<string | undefined> {
  const cluster = await patroni?.cluster().catch(() => undefined);
  const api = cluster?.members.find(isLeader)?.api_url;
  return api != null && URL.canParse(api) && new URL(api).hostname !== '' ? new URL(api).origin : undefined;
}

const MOST_TIME = 5_000;

function short(limit: Limit): Limit {
  return within(limit, MOST_TIME);
}

async function readClock({ name, ask }: Source, now: () => number): Promise<Clock> {
  const before = now() / 1000;
  const date = Date.parse((await ask().catch(() => undefined)) ?? '') / 1000;
  const after = now() / 1000;
  return { name, ahead: Number.isNaN(date) ? undefined : { least: date - after, most: date + 1 - before } };
}

/** The difference that is certain; 0 if there may be none. */
function proven({ least, most }: { least: number; most: number }): number {
  if (least <= 0 && most >= 0) return 0;
  return least > 0 ? least : most;
}
