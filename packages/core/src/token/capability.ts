/** What a token of an application may do. The names are those of Svix. */
export const capabilities = [
  'ViewBase',
  'ViewEndpointSecret',
  'ManageEndpointSecret',
  'ManageTransformations',
  'CreateAttempts',
  'ManageEndpoint',
] as const;
export type Capability = (typeof capabilities)[number];

/** The capabilities that another one includes. */
const included: Partial<Readonly<Record<Capability, readonly Capability[]>>> = {
  ManageEndpointSecret: ['ViewEndpointSecret'],
  ManageEndpoint: ['ViewEndpointSecret', 'ManageEndpointSecret'],
};

/** The capabilities that change nothing. */
const reading: ReadonlySet<Capability> = new Set(['ViewBase', 'ViewEndpointSecret']);

/**
 * Whether a token may do what needs a capability.
 *
 * @param held - the capabilities of the token; undefined if it is not restricted
 * @param needed - undefined if only a token that is not restricted may do it
 */
export const hasCapability = (held: readonly Capability[] | undefined, needed: Capability | undefined): boolean =>
  held === undefined ||
  (needed !== undefined && held.some((capability) => capability === needed || included[capability]?.includes(needed)));

interface AskedCapabilities {
  readonly capabilities?: readonly Capability[] | null | undefined;
  readonly readOnly?: boolean | null | undefined;
}

/**
 * The capabilities of a new token. `readOnly` leaves only those that change nothing. Without a list, it does not let the
 * token read secrets.
 *
 * @returns undefined if the token is not restricted
 */
export function grantedCapabilities({
  capabilities: asked,
  readOnly,
}: AskedCapabilities): readonly Capability[] | undefined {
  if (!readOnly) return asked ? [...new Set(asked)] : undefined;
  return [...new Set(asked ?? (['ViewBase'] as const))].filter((capability) => reading.has(capability));
}

/** What the key of an integration may do: read, and manage endpoints with their secrets. It sends nothing. */
export const integrationCapabilities: readonly Capability[] = ['ViewBase', 'ManageEndpoint'];
