export type { MayCallAddress } from './address/allowed-address.ts';
export { createMayCallAddress } from './address/allowed-address.ts';
export type { Resolve } from './address/checked-addresses.ts';
export type { Egress, EgressOptions } from './egress.ts';
export { createEgress } from './egress.ts';
export type { OutboundRequest } from './exchange/outbound-request.ts';
