import type { Tls } from '../patroni/tls.ts';
import { signalOf, type Limit } from '../system/deadline.ts';
import { send } from '../system/http.ts';

/**
 * The header `Date` of Patroni's reply to `/patroni`: a reply that is a status alone, such as that to `/liveness`, has no headers (measured
 * with 4.1.5). Undefined = there is no reply, or none in it.
 */
export async function patroniDate(base: string, tls: Tls, limit: Limit): Promise<string | undefined> {
  const { insecure: _verified, ...material } = tls;
  try {
    const message = await send({
      url: new URL(`${base}/patroni`),
      method: 'GET',
      headers: {},
      signal: signalOf(limit),
      // the check of TLS judges the certificate: here it does not matter who tells the time
      tls: { ...material, rejectUnauthorized: false },
      doubt: '',
    });
    message.on('error', () => undefined).destroy();
    return message.headers.date;
  } catch {
    return undefined;
  }
}
