/** Names of variables with secret values: those in WAL-G's documentation, and common endings. */
const SECRET_NAME =
  /KEY|SECRET|TOKEN|PASS|PSWD|CREDENTIAL|BEARER|JWT|SAS|DSN|URI|CONNECTION_STRING|HEADERS|SSE_C|DATASOURCE|REDIS_USERNAME|(?:_PW|_PWD|_AUTH|_SALT|_COOKIE|_SIGNATURE|_PIN)$|^(?:PW|AUTH)$/i;
/** Variables with the path of a file: the path is not secret, and helps to find the mistake. */
const HARMLESS_NAME = /(?:_PATH|_FILE|KEYFILE|CERTFILE|PASSFILE)$|^PGSSLKEY$|^GOOGLE_APPLICATION_CREDENTIALS$/i;

/** Whether the value of a variable of this name is secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !HARMLESS_NAME.test(name);
}
