import { DeliveryError } from '../errors.ts';
import { labelText } from '../formats/prometheus/exposition.ts';
import type { Delivery, Pushed } from './delivery.ts';
import { request, type Reply } from './request.ts';

/** The job of the group. */
const JOB = 'postgres-status';
const MOST_QUOTED = 300;

/**
 * Replaces the group of this cluster in a Pushgateway (PUT), so that metrics that are no longer sent disappear. The gateway records the
 * time of the push in `push_time_seconds`. @throws DeliveryError with the gateway's message, if it rejects the metrics.
 */
export const push: Delivery<Pushed> = async ({ metrics, cluster }, { url, proxies }, { limit, log }) => {
  const target = groupUrl(url, cluster);
  const server = url.origin;
  const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };
  const asked = {
    url: target,
    method: 'PUT',
    headers,
    body: metrics,
    server,
    option: '--pushgateway',
    proxies,
  } as const;
  try {
    await request(asked, limit, log, whyRejected);
  } catch (error) {
    if (error instanceof DeliveryError) throw new DeliveryError(`not pushed to ${server}: ${error.message}`);
    throw error;
  }
};

/** The gateway answers 400 with a sentence if it cannot parse the metrics, or if they contradict those of another group. */
function whyRejected({ status, body }: Reply): string | undefined {
  const sentence = body.trim().replaceAll(/\s+/g, ' ');
  if (status !== 400 || sentence === '') return undefined;
  const quoted = sentence.length > MOST_QUOTED ? `${sentence.slice(0, MOST_QUOTED)}…` : sentence;
  return `the Pushgateway rejects the metrics (HTTP 400): ${quoted}`;
}

/** The URL of the group (https://github.com/prometheus/pushgateway#url). */
export function groupUrl(base: URL, cluster: string): URL {
  const url = new URL(base);
  const path = url.pathname.replace(/\/$/, '');
  url.pathname = `${path}/metrics/job/${JOB}/${grouped('scope', labelText(cluster))}`;
  return url;
}

/**
 * A label and its value in the path. A value that is empty or contains a slash must be base64. So are `.` and `..`, which would be
 * resolved as path segments.
 */
function grouped(label: string, value: string): string {
  if (value === '') return `${label}@base64/=`;
  if (value.includes('/') || /^\.{1,2}$/.test(value))
    return `${label}@base64/${Buffer.from(value).toString('base64url')}`;
  return `${label}/${encodeURIComponent(value)}`;
}
