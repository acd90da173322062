/** Names of variables whose values are secret: those that WAL-G's documentation lists, and the usual endings of others. */
const SECRET_NAME =
  /KEY|SECRET|TOKEN|PASS|PSWD|CREDENTIAL|BEARER|JWT|SAS|DSN|URI|CONNECTION_STRING|HEADERS|SSE_C|DATASOURCE|REDIS_USERNAME|(?:_PW|_PWD|_AUTH|_SALT|_COOKIE|_SIGNATURE|_PIN)$|^(?:PW|AUTH)$/i;
/** These name a file; the path is no secret and helps to find the mistake. */
const HARMLESS_NAME = /(?:_PATH|_FILE|KEYFILE|CERTFILE|PASSFILE)$|^PGSSLKEY$/i;

/** The value of a variable of this name is a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !HARMLESS_NAME.test(name);
}
