import type { EndpointHeadersPatch } from '@posthorn/contracts/api/endpoint';
import type { Endpoint, EndpointRepository } from '@posthorn/core';
import { type Headers, openHeaders, type Seal, sealContextOf, sealHeaders } from '../endpoint/sealed-headers.ts';
import { retryStale } from '../storing/retry-stale.ts';

export interface ChangeHeadersDeps {
  readonly endpoints: Pick<EndpointRepository, 'update'>;
  readonly seal: Seal;
}

interface Change {
  /** Reads the endpoint as it now is. */
  readonly read: () => Promise<Endpoint>;
  /** What is to become of its headers. */
  readonly toHeaders: (previous: Headers) => Headers;
  readonly now: Date;
}

/** Changes what is sent along to an endpoint. */
export const createChangeHeaders =
  ({ endpoints, seal }: ChangeHeadersDeps) =>
  ({ read, toHeaders, now }: Change): Promise<Endpoint> =>
    retryStale(async () => {
      const previous = await read();
      const { sealedHeaders: _, ...rest } = previous;
      const headers = toHeaders(await openHeaders(seal, previous));
      const result = {
        ...rest,
        ...(await sealHeaders(seal, { headers, loc: ['body', 'headers'] }, sealContextOf(previous))),
        updatedAt: now,
      };
      return { result, written: await endpoints.update(result, previous) };
    });

/** Null removes a header, a value sets it. A header has one value, however its name is capitalised. */
export function patchHeaders(previous: Headers, { headers, deleteHeaders }: EndpointHeadersPatch): Headers {
  const named = new Set([...Object.keys(headers), ...(deleteHeaders ?? [])].map((name) => name.toLowerCase()));
  const kept = Object.entries(previous).filter(([name]) => !named.has(name.toLowerCase()));
  const set = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries([...kept, ...set]);
}
