import type { IncomingMessage } from 'node:http';
import type { Tls } from '../patroni/tls.ts';
import { signalOf, type Limit } from '../system/deadline.ts';

/**
 * The header `Date` of Patroni's reply to `/patroni`: a reply that is a status alone, such as that to `/liveness`, has no headers (measured
 * with 4.1.5). Undefined = there is no reply, or none in it.
 */
export async function patroniDate(base: string, tls: Tls, limit: Limit): Promise<string | undefined> {
  const url = new URL(`${base}/patroni`);
  const { insecure, ...material } = tls;
  const options = { signal: signalOf(limit), headers: { connection: 'close' } };
  const reply = new Promise<IncomingMessage>((resolve, reject) => {
    const start = async () => {
      if (url.protocol === 'http:') {
        const http = await import('node:http');
        return http.request(url, { ...options, agent: new http.Agent() });
      }
      const https = await import('node:https');
      // the check of TLS judges the certificate: here it does not matter who tells the time
      const agent = new https.Agent({ ...material, rejectUnauthorized: false });
      return https.request(url, { ...options, agent });
    };
    start().then((request) => request.once('response', resolve).on('error', reject).end(), reject);
  });
  try {
    const message = await reply;
    message.on('error', () => undefined).destroy();
    return message.headers.date;
  } catch {
    return undefined;
  }
}
