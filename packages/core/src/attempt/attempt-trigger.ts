/** Why an attempt is made: as planned (first tries and retries), or because a person asked for it. */
export type AttemptTrigger = 'scheduled' | 'manual';
