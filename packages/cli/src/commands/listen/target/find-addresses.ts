import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isLoopbackAddress } from './loopback.ts';

/** The name of a target leads to another machine, and that was not allowed. */
export class ExternalTarget extends Error {
  override readonly name = 'ExternalTarget';
  constructor(host: string, address: string) {
    super(host === address ? `${host} is not this machine` : `${host} is ${address}, which is not this machine`);
  }
}

/** Looks up all addresses of a name, as the system knows them. Tests give their own. */
export type LookUpAll = (
  host: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** @throws ExternalTarget if one of the addresses is not this machine */
export function requireLoopback(host: string, addresses: readonly string[]): void {
  const external = addresses.find((address) => !isLoopbackAddress(address));
  if (external !== undefined) throw new ExternalTarget(host, external);
}

/**
 * The lookup of a connection. It gives the connection only what it has checked, so no second lookup of the name can lead
 * to another machine. All addresses must be this machine, and not only the one that is going to be used.
 */
export const createLoopbackLookup =
  (lookUpAll: LookUpAll = lookup): LookupFunction =>
  (host, options, callback) => {
    lookUpAll(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      try {
        requireLoopback(
          host,
          addresses.map(({ address }) => address),
        );
      } catch (refusal) {
        return callback(refusal as Error, []);
      }
      const [first] = addresses;
      if (options.all || first === undefined) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
