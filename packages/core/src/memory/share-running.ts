/**
 * A function whose calls at the same time, with the same arguments, share one run. Nothing is remembered when it has
 * ended. A result can be as old as the run that was going on when the function was called.
 *
 * @example
 * const find = shareRunning((applicationId: string, endpointId: string) => findEndpoint(applicationId, endpointId));
 */
export function shareRunning<Names extends readonly string[], Value>(
  run: (...names: Names) => Promise<Value>,
): (...names: Names) => Promise<Value> {
  const running = new Map<string, Promise<Value>>();
  return (...names) => {
    const key = JSON.stringify(names);
    const known = running.get(key);
    if (known) return known;
    const started = run(...names).finally(() => running.delete(key));
    running.set(key, started);
    return started;
  };
}
