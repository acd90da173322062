import type { Finished } from '../system/child.ts';
import { findComplaint, isByPlugin } from './complaint.ts';
import { isRefusedByWebhook } from './webhooks.ts';

/**
 * Whether a patch that failed may succeed without its labels: admission control refused it (a webhook or a policy, which may select objects by
 * their labels, or a plugin of the API server), or the labels are invalid. Not if every patch would fail: no permission, no such ConfigMap, no
 * answer in time.
 */
export function mayBeLabels({ timedOut, stderr }: Finished): boolean {
  const complaint = timedOut ? undefined : findComplaint(stderr);
  if (complaint?.reason === undefined) return false;
  const { reason, message } = complaint;
  if (isRefusedByWebhook(message) || isByPlugin(complaint)) return true;
  return reason === 'Invalid' && message.includes('metadata.labels');
}
