import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

/** Whether an IP address and a port lead to a program of this machine that must never be called. */
export type IsForbidden = (address: string, port: number) => boolean;

/** The addresses of this machine at this moment. They can change while the process runs. */
const ownAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((addresses) => addresses?.map(({ address }) => address) ?? []);

/** Addresses that lead to this machine on every machine: loopback, and those that stand for no address. */
const alwaysOwn: ReadonlySet<string> = new Set(['loopback', 'unspecified']);

/**
 * Forbids some ports on every address of this machine, whatever networks are allowed.
 *
 * @param addresses - the addresses of this machine
 */
export function createIsForbidden(ports: readonly number[], addresses = ownAddresses): IsForbidden {
  const forbidden = new Set(ports);
  return (text, port) => {
    if (!forbidden.has(port)) return false;
    const address = ipaddr.process(text);
    if (alwaysOwn.has(address.range())) return true;
    const normal = address.toNormalizedString();
    return addresses().some((own) => ipaddr.process(own).toNormalizedString() === normal);
  };
}

/** Whether a port may be called. Without a list, every port may. */
export const createMayCallPort = (ports: readonly number[]): ((port: number) => boolean) => {
  const allowed = new Set(ports);
  return (port) => allowed.size === 0 || allowed.has(port);
};

/** The port that a URL leads to. */
export const portOf = ({ port, protocol }: URL): number => Number(port || (protocol === 'https:' ? 443 : 80));
