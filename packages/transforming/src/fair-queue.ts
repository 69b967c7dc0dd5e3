/** Work that waits, with a share for each tenant: they take turns, however much one of them has. */
export interface FairQueue<Work> {
  add(tenant: string, work: Work): void;
  /** The next one of those tenants that may have one. Absent if there is none. */
  take(may: (tenant: string) => boolean): Work | undefined;
}

/** A tenant that was served goes to the end of the line. */
export function createFairQueue<Work>(): FairQueue<Work> {
  const waiting = new Map<string, Work[]>();
  return {
    add(tenant, work) {
      const line = waiting.get(tenant);
      if (line) line.push(work);
      else waiting.set(tenant, [work]);
    },
    take(may) {
      for (const [tenant, line] of waiting) {
        if (!may(tenant)) continue;
        waiting.delete(tenant);
        const next = line.shift();
        if (line.length > 0) waiting.set(tenant, line);
        return next;
      }
      return undefined;
    },
  };
}
