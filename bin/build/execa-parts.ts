/**
 * What execa loads for features that this program does not use, in place of the real packages: icons for `verbose`, descriptions of signals
 * for its own error messages, a serializer for messages between Node.js processes. They cost 3 ms of each run.
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
