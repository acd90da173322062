/** application_names of clients that read WAL but are not standbys; the last one is a subscriber that copies a table. */
const TOOLS = /^(pg_receivewal|pg_receivexlog|pg_recvlogical|pg_basebackup|pg_\d+_sync_\d+_\d+)$/;

export function isTool(applicationName: string): boolean {
  return TOOLS.test(applicationName);
}
