/** The version of the document's shape: it grows when a key changes its meaning or goes away, not when one is added. */
export const SCHEMA_VERSION = 2;
