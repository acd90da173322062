import { onTestFinished } from 'vitest';
import { type Reply, startApiServer, type StandInApiServer, type Tls } from './api-server.ts';

/** A stand-in API server that is closed at the end of the test. */
export async function startKubernetes(recording: string, patch: Reply, tls?: Tls): Promise<StandInApiServer> {
  const server = await startApiServer(recording, patch, tls);
  onTestFinished(server.close);
  return server;
}
