import { type LookupAddress, lookup } from 'node:dns';
import type { Resolve } from '../address/checked-addresses.ts';
import { Unreachable } from '../failure/unreachable.ts';

export const systemResolve: Resolve = (hostname) =>
  new Promise<LookupAddress[]>((resolve, reject) =>
    lookup(hostname, { all: true }, (error, addresses) =>
      error ? reject(new Unreachable('name-not-found', { cause: error })) : resolve(addresses),
    ),
  );
