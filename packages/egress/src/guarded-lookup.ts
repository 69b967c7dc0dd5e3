import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { MayCallAddress } from './allowed-address.ts';
import { Blocked } from './blocked.ts';

/** Finds a name's addresses; an argument so that tests can answer what a hostile server would. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export const systemResolve: Resolve = (hostname) =>
  new Promise<LookupAddress[]>((resolve, reject) =>
    dnsLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses))),
  );

/**
 * The lookup that a connection is made with: the address that was checked is the one that is dialled, so nothing can
 * change between the two. A name with one forbidden address is refused whole.
 */
export function createGuardedLookup(mayCall: MayCallAddress, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    const answer = (addresses: readonly LookupAddress[]): void => {
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => mayCall(address))) callback(new Blocked(), []);
      else if (options.all) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    };
    resolve(hostname).then(answer, (error) => callback(error, []));
  };
}
