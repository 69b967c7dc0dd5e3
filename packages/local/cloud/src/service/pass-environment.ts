type Environment = Readonly<Record<string, unknown>>;

/**
 * Returns the environment of a service's functions: the variables with one of the prefixes, and the service's own
 * variables. The service's own value wins unless it is empty.
 */
export function passEnvironment(
  prefixes: readonly string[],
  from: Environment,
  own: Environment,
): Record<string, unknown> {
  const passed = Object.entries(from).filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)));
  const set = Object.entries(own).filter(([name, value]) => value !== '' || from[name] === undefined);
  return { ...Object.fromEntries(passed), ...Object.fromEntries(set) };
}
