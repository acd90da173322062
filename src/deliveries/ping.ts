import { DeliveryError } from '../errors.ts';
import type { Limit } from '../system/deadline.ts';
import type { Log } from '../system/log.ts';
import { request } from './request.ts';

/** A dead-man service, which raises an alarm if it is not called in time. */
export interface Ping {
  /** The whole URL is a secret: anybody who knows it can silence the alarm. */
  url: URL;
  /** The variables that name proxies. */
  proxies: NodeJS.ProcessEnv;
}

/** Calls the service. `failed`: with `/fail` after the path. @throws DeliveryError without the URL. */
export async function ping({ url, proxies }: Ping, failed: boolean, limit: Limit, log: Log): Promise<void> {
  const server = url.origin;
  try {
    await request(
      { url: failed ? failing(url) : url, method: 'GET', server, option: '--ping', proxies },
      limit,
      log,
      ({ status }) =>
        status === 404 || status === 410 ? `HTTP ${status}: it does not know the URL of --ping` : undefined,
    );
  } catch (error) {
    if (error instanceof DeliveryError) throw new DeliveryError(`the ping to ${server} failed: ${error.message}`);
    throw error;
  }
}

function failing(url: URL): URL {
  const failed = new URL(url);
  failed.pathname = `${url.pathname.replace(/\/$/, '')}/fail`;
  return failed;
}
