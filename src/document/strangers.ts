/** Clients that read WAL under names of their own and are no standby; the last is how a subscriber copies a table. */
const TOOLS = /^(pg_receivewal|pg_receivexlog|pg_recvlogical|pg_basebackup|pg_\d+_sync_\d+_\d+)$/;

export function isTool(applicationName: string): boolean {
  return TOOLS.test(applicationName);
}
