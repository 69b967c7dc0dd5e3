import type { OperationalEndpointOut } from '@posthorn/contracts/api/operational-webhook';
import type { Endpoint } from '@posthorn/core';
import { toEndpointOut } from '../endpoint-out.ts';

/** An operational endpoint in a response. */
export function toOperationalEndpointOut(endpoint: Endpoint): OperationalEndpointOut {
  const { id, uid, url, description, disabled, eventTypes, throttleRate, ...rest } = toEndpointOut(endpoint);
  const { metadata, createdAt, updatedAt } = rest;
  return { id, uid, url, description, disabled, eventTypes, throttleRate, metadata, createdAt, updatedAt };
}
