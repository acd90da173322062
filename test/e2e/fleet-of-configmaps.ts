import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { ApiServer } from './api-server.ts';

/** `status` is its data.status; undefined = it has no data. */
export interface Made {
  namespace: string;
  name: string;
  status?: string;
  labels?: Record<string, string>;
}

const AT_ONCE = 16;

/** Creates many ConfigMaps with requests of its own: kubectl would take half a minute for a thousand. @throws the server's error. */
export async function createConfigMaps(api: ApiServer, configMaps: readonly Made[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE, ca: readFileSync(api.authority) });
  const waiting = configMaps.values();
  const work = async () => {
    for (const each of waiting) await create(api, agent, each);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  agent.destroy();
}

function create(api: ApiServer, agent: Agent, { namespace, name, status, labels }: Made): Promise<void> {
  const body = JSON.stringify({ metadata: { name, labels }, ...(status !== undefined && { data: { status } }) });
  const url = `${api.server}/api/v1/namespaces/${namespace}/configmaps`;
  const headers = { authorization: 'Bearer administrator', 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', agent, headers }, (response) => {
      let said = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
      response.on('end', () => {
        if (response.statusCode === 201) resolve();
        else reject(new Error(said));
      });
    })
      .on('error', reject)
      .end(body);
  });
}
