/**
 * Notes changes of organisations, many at a time with one note. A note that begins after a change covers it, so calls wait
 * for the note that is running, and share the next one.
 */
export function noteOnce(note: (organisationId: string) => Promise<void>): (organisationId: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();
  const start = (organisationId: string): Promise<void> => {
    next.delete(organisationId);
    const started = note(organisationId).finally(() => {
      if (running.get(organisationId) === started) running.delete(organisationId);
    });
    running.set(organisationId, started);
    return started;
  };
  return (organisationId) => {
    const current = running.get(organisationId);
    if (!current) return start(organisationId);
    const waiting = next.get(organisationId) ?? current.catch(() => undefined).then(() => start(organisationId));
    next.set(organisationId, waiting);
    return waiting;
  };
}
