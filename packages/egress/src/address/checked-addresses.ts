import type { LookupAddress } from 'node:dns';
import { timeLimitFailure } from '../failure/known-errors.ts';
import { Unreachable } from '../failure/unreachable.ts';
import { literalAddress, type MayCallAddress } from './allowed-address.ts';
import { type IsForbidden, portOf } from './forbidden-ports.ts';

/**
 * Finds the addresses of a host name.
 *
 * @throws {Unreachable} when the name has none, or when its name servers fail
 */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export interface Guard {
  readonly mayCall: MayCallAddress;
  readonly isForbidden: IsForbidden;
  readonly mayCallPort: (port: number) => boolean;
  /** Whether `http:` URLs may be called too. */
  readonly allowHttp: boolean;
  readonly resolve: Resolve;
}

export const mayCallScheme = ({ protocol }: URL, { allowHttp }: Pick<Guard, 'allowHttp'>): boolean =>
  protocol === 'https:' || (allowHttp && protocol === 'http:');

/**
 * The addresses of a URL's host, to be dialled as they are: nothing can change between the check and the connection. A
 * name with one forbidden address is refused whole.
 *
 * @throws {Unreachable} when one may not be called, or when the name has none
 */
export async function findCheckedAddresses(
  url: URL,
  { mayCall, isForbidden, resolve }: Guard,
  signal: AbortSignal,
): Promise<readonly LookupAddress[]> {
  const literal = literalAddress(url.hostname);
  const addresses =
    literal === undefined ? await withinTime(resolve(url.hostname), signal) : [toLookupAddress(literal)];
  if (addresses.length === 0) throw new Unreachable('name-not-found');
  if (!addresses.every(({ address }) => mayCall(address))) throw new Unreachable('blocked');
  const port = portOf(url);
  if (addresses.some(({ address }) => isForbidden(address, port))) throw new Unreachable('own-port');
  return addresses;
}

/** Waits for a lookup. If the attempt ends first, the lookup goes on, and its result is remembered. */
export function withinTime<T>(lookup: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(timeLimitFailure('naming'));
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    lookup.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

/** A written address in the form of a lookup's result. */
export const toLookupAddress = (address: string): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 });
