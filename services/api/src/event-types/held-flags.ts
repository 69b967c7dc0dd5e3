import type { Caller } from '@posthorn/secrets/tokens';

/** The feature flags of a token: undefined for the organisation, which sees all event types. */
export const heldFlagsOf = (caller: Caller): readonly string[] | undefined =>
  caller.kind === 'organisation' ? undefined : (caller.featureFlags ?? []);
