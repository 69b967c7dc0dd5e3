export type { MayCallAddress } from './allowed-address.ts';
export { createMayCallAddress } from './allowed-address.ts';
export type { Egress, EgressOptions } from './egress.ts';
export { createEgress } from './egress.ts';
export type { Resolve } from './guarded-lookup.ts';
export type { OutboundRequest } from './send-within.ts';
