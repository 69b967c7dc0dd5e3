/** Whose work it is. Tenants of one owner share the owner's turns. */
export interface Share {
  readonly owner: string;
  readonly tenant: string;
}

/** Work that waits, with a share for each owner, and in it for each tenant: they take turns, however much one of them has. */
export interface FairQueue<Work> {
  /** Returns what takes it out again, if it still waits. */
  add(share: Share, work: Work): () => void;
  /**
   * The next one that may be taken. Absent if there is none.
   *
   * @param may - is asked for an owner or a tenant, by name
   */
  take(may: (name: string) => boolean): Work | undefined;
  /** Takes all work of an owner or a tenant. */
  takeAll(name: string): readonly Work[];
}

type Line<Work> = Set<{ readonly work: Work }>;
type Tenants<Work> = Map<string, Line<Work>>;

/**
 * An owner or a tenant that was served goes to the end of the line. Taking does not take longer for an owner that has
 * thousands of tenants.
 *
 * @param by - whose names are asked for
 */
export function createFairQueue<Work>(by: keyof Share): FairQueue<Work> {
  const waiting = new Map<string, Tenants<Work>>();

  const findTenant = (owner: string, tenants: Tenants<Work>, may: (name: string) => boolean): string | undefined => {
    if (by === 'owner' && !may(owner)) return undefined;
    for (const tenant of tenants.keys()) if (by === 'owner' || may(tenant)) return tenant;
    return undefined;
  };
  /** What has nothing left leaves the line. */
  const leave = ({ owner, tenant }: Share): void => {
    const tenants = waiting.get(owner);
    if (tenants?.get(tenant)?.size === 0) tenants.delete(tenant);
    if (tenants?.size === 0) waiting.delete(owner);
  };

  return {
    add(share, work) {
      const tenants: Tenants<Work> = waiting.get(share.owner) ?? new Map();
      waiting.set(share.owner, tenants);
      const line: Line<Work> = tenants.get(share.tenant) ?? new Set();
      tenants.set(share.tenant, line);
      const place = { work };
      line.add(place);
      return () => {
        if (line.delete(place)) leave(share);
      };
    },
    take(may) {
      for (const [owner, tenants] of waiting) {
        const tenant = findTenant(owner, tenants, may);
        const line = tenant === undefined ? undefined : tenants.get(tenant);
        const [place] = line ?? [];
        if (tenant === undefined || line === undefined || place === undefined) continue;
        line.delete(place);
        toEnd(tenants, tenant, line);
        toEnd(waiting, owner, tenants);
        leave({ owner, tenant });
        return place.work;
      }
      return undefined;
    },
    takeAll(name) {
      const taken: Work[] = [];
      for (const [owner, tenants] of waiting) {
        for (const [tenant, line] of tenants) {
          if (name !== (by === 'owner' ? owner : tenant)) continue;
          for (const { work } of line) taken.push(work);
          line.clear();
          leave({ owner, tenant });
        }
      }
      return taken;
    },
  };
}

function toEnd<Line>(lines: Map<string, Line>, key: string, line: Line): void {
  lines.delete(key);
  lines.set(key, line);
}
