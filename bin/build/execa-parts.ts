/**
 * Replacements for packages that execa loads for features that this program does not use: icons for `verbose`, descriptions of signals for
 * its error messages, a serializer for messages between Node.js processes. The real packages would cost 3 ms in each run.
 */

/** The icons of `figures`. */
export default {};

/** Of `human-signals`: every name is its own description. */
export const signalsByName: Readonly<Record<string, { description: string }>> = new Proxy(
  {},
  { get: (_signals, name) => ({ description: String(name) }) },
);

/** Of `node:v8`, loaded when it is called. */
export function serialize(value: unknown): Buffer {
  return process.getBuiltinModule('node:v8').serialize(value);
}
