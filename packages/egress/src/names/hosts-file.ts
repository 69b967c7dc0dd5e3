import type { LookupAddress } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/** Names in lower case, and their addresses in the order of the file. */
export type Hosts = ReadonlyMap<string, readonly LookupAddress[]>;

/** Reads lines such as `127.0.0.1 localhost other-name # comment`. Other lines are ignored. */
export function parseHosts(text: string): Hosts {
  const hosts = new Map<string, LookupAddress[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    const family = isIP(address);
    if (family === 0) continue;
    for (const name of names.map((written) => written.toLowerCase()))
      hosts.set(name, [...(hosts.get(name) ?? []), { address, family }]);
  }
  return hosts;
}

export interface HostsFileOptions {
  readonly path: string;
  /** Milliseconds. */
  readonly now: () => number;
}

/** How long a change of the file may go unnoticed. */
const readAgainAfterMs = 5_000;

/** Finds names in a hosts file. A change is noticed after a few seconds. Without the file there are no names. */
export function createHostsFile({ path, now }: HostsFileOptions): (name: string) => Promise<readonly LookupAddress[]> {
  let hosts: Promise<Hosts> | undefined;
  let readAt = 0;
  return async (name) => {
    if (hosts === undefined || now() - readAt >= readAgainAfterMs) {
      readAt = now();
      hosts = readFile(path, 'utf8').then(parseHosts, () => new Map());
    }
    return (await hosts).get(name) ?? [];
  };
}
