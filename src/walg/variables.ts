/** The variables of an environment directory or file; null = unset (an empty file of envdir). */
export type Variables = ReadonlyMap<string, string | null>;

/** The process environment overridden by the variables, as `envdir` passes it to its child. */
export function overlay(environment: NodeJS.ProcessEnv, variables: Variables): Record<string, string> {
  const result = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) result.set(name, value);
  for (const [name, value] of variables) {
    if (value === null) result.delete(name);
    else result.set(name, value);
  }
  return Object.fromEntries(result);
}
