import { expose, gauge, writeMetrics, type Family } from './exposition.ts';

/** Whether this node publishes the state of its cluster; only if publishing was asked for. */
export function publishesFamily(publishes: boolean): Family {
  return gauge(
    'postgres_status_publishes',
    'Whether this node publishes the state of its cluster; 0 = the leader does, and this node has no other series.',
    publishes,
  );
}

export function lastRunFamily(seconds: number): Family {
  return gauge(
    'postgres_status_last_run_timestamp_seconds',
    'When the run collected, in seconds since the epoch.',
    seconds,
  );
}

/** The metrics of a run that leaves collecting and publishing to the leader. */
export function formatSteppedBack(name: string, seconds: number): string {
  return expose([writeMetrics({ scope: name }, [publishesFamily(false), lastRunFamily(seconds)])]);
}
