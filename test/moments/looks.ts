import { bad, type Claims, critical, either, ok, warning } from './claims.ts';

/** One observation on a time line, and the required output. */
export interface Look {
  line: string;
  look: string;
  claims: Claims;
}

const line = (name: string, looks: Readonly<Record<string, Claims>>): Look[] =>
  Object.entries(looks).map(([look, claims]) => ({ line: name, look, claims }));

/** While the leader changes, only the check of the leader is fixed. */
const duringTheSwitch = { rest: either(['ok', 'warning', 'critical', 'unknown']) };
/** Its leader was killed at 19:34:09.3; the replica that was asked has lost its stream. */
const killed = {
  verdict: critical(/pg1/),
  leader: critical(/pg1/, /refuse/, /30 s/),
  ...duringTheSwitch,
};
/** pg3 leads since 19:34:34.1, pg1 is gone. */
const failedOver = {
  verdict: warning(/pg1/),
  members: warning(/pg1/),
  // two switches within one segment
  wal_integrity: ok(),
};

export const looks: readonly Look[] = [
  ...line('timeline-failover-asked-replica', {
    '001': { verdict: ok() },
    '003': killed,
    '005': killed,
    '009': killed,
    '017': killed,
    '018': failedOver,
    '036': failedOver,
  }),
  ...line('timeline-switchover-asked-old-leader', {
    '005': { verdict: ok() },
    // pg3 stops: no member accepts writes
    '006': { verdict: critical(/pg3|leader/), ...duringTheSwitch },
    '008': { verdict: critical(/pg3|leader/), ...duringTheSwitch },
    // pg1 holds the lock and is in recovery, according to its own /patroni
    '009': { verdict: critical(/pg1|leader/), ...duringTheSwitch },
    // pg1 is the leader; pg3 is down, also according to /cluster
    '010': { verdict: bad(), leader: either(['ok', 'warning']), ...duringTheSwitch },
    // the stand-in has no WAL to verify up to exactly the switch point
    '011': { verdict: either(['warning', 'critical', 'unknown']), leader: ok(/pg1/), ...duringTheSwitch },
    '012': { verdict: bad(), leader: ok(/pg1/), ...duringTheSwitch },
    // /cluster is out of date about pg2, which streams according to the leader's own list
    '013': { verdict: ok(), replicas: ok() },
    '025': { verdict: ok() },
    '026': { verdict: ok() },
    '032': { verdict: ok() },
  }),
];
