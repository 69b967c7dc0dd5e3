/** Whose work it is. Tenants of one owner share the owner's turns. */
export interface Share {
  readonly owner: string;
  readonly tenant: string;
}

/** Work that waits, with a share for each owner, and in it for each tenant: they take turns, however much one of them has. */
export interface FairQueue<Work> {
  add(share: Share, work: Work): void;
  /** The next one of those tenants that may have one. Absent if there is none. */
  take(may: (share: Share) => boolean): Work | undefined;
  /** Takes all work of some tenants. */
  takeAll(isMeant: (share: Share) => boolean): readonly Work[];
}

/** An owner or a tenant that was served goes to the end of the line. */
export function createFairQueue<Work>(): FairQueue<Work> {
  const waiting = new Map<string, Map<string, Work[]>>();
  const toEnd = <Line extends { readonly size: number } | { readonly length: number }>(
    lines: Map<string, Line>,
    key: string,
    line: Line,
  ): void => {
    lines.delete(key);
    if (('size' in line ? line.size : line.length) > 0) lines.set(key, line);
  };
  return {
    add({ owner, tenant }, work) {
      const tenants = waiting.get(owner) ?? new Map<string, Work[]>();
      waiting.set(owner, tenants);
      const line = tenants.get(tenant);
      if (line) line.push(work);
      else tenants.set(tenant, [work]);
    },
    take(may) {
      for (const [owner, tenants] of waiting) {
        const [tenant, line] = [...tenants].find(([name]) => may({ owner, tenant: name })) ?? [];
        if (tenant === undefined || line === undefined) continue;
        const next = line.shift();
        toEnd(tenants, tenant, line);
        toEnd(waiting, owner, tenants);
        return next;
      }
      return undefined;
    },
    takeAll(isMeant) {
      const taken: Work[] = [];
      for (const [owner, tenants] of waiting) {
        for (const [tenant, line] of tenants) {
          if (!isMeant({ owner, tenant })) continue;
          taken.push(...line);
          tenants.delete(tenant);
        }
        if (tenants.size === 0) waiting.delete(owner);
      }
      return taken;
    },
  };
}
