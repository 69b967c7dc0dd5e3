type Environment = Readonly<Record<string, unknown>>;

/**
 * The variables whose names begin with one of the prefixes, for the functions of a service to see. What the service sets
 * itself stays, unless it is empty.
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
