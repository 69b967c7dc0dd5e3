import type {
  Delivery,
  GroupKey,
  GroupWrite,
  ParkedGroupRepository,
  ParkedRow,
  StoredGroup,
  Wake,
} from '@posthorn/core';

/** Parked groups in maps. */
export interface InMemoryParkedGroups extends ParkedGroupRepository {
  /** Every group that does not flow. */
  all(): readonly StoredGroup[];
  /** The parked deliveries of all groups, each group in its order. */
  allParked(): readonly { readonly group: string; readonly place: string; readonly delivery: Delivery }[];
  addUnreadable(key: GroupKey, row: Pick<Extract<ParkedRow, { unreadable: string }>, 'place' | 'messageId'>): void;
}

/** @param insertWake - stores the wakes that are written together with a group */
export function inMemoryParkedGroups(insertWake: (wake: Wake) => Promise<void>): InMemoryParkedGroups {
  const groups = new Map<string, StoredGroup>();
  const rows = new Map<string, GroupKey & { readonly row: ParkedRow }>();
  const rowsOf = (key: GroupKey) =>
    [...rows.values()]
      .filter(({ endpointId, group }) => endpointId === key.endpointId && group === key.group)
      .map(({ row }) => row)
      .sort((one, other) => (one.place < other.place ? -1 : 1));
  const putRow = ({ endpointId, group }: GroupKey, row: ParkedRow) =>
    rows.set(`${nameOf({ endpointId, group })} ${row.place}`, { endpointId, group, row });
  const write = async ({ owner, to, delivery, wakeAt, now }: GroupWrite, parks: number) => {
    groups.set(nameOf(owner), { ...owner, ...to, parks, since: now });
    if (delivery) putRow(owner, { place: to.place, delivery });
    if (wakeAt) await insertWake({ ...ownerOf(owner), epoch: to.epoch, at: wakeAt, slice: 0 });
    return 'done' as const;
  };

  return {
    all: () => [...groups.values()],
    allParked: () =>
      [...groups.values()].flatMap((key) =>
        rowsOf(key).flatMap((row) => ('delivery' in row ? [{ group: key.group, ...row }] : [])),
      ),
    addUnreadable: (key, row) => void putRow(key, { ...row, unreadable: 'row has an invalid attribute: at' }),
    find: async (key) => groups.get(nameOf(key)),
    open: async (given) => (groups.has(nameOf(given.owner)) ? 'refused' : write(given, 1)),
    move: async ({ from, ...given }) => {
      const group = groups.get(nameOf(given.owner));
      return group?.epoch === from ? write(given, group.parks) : 'refused';
    },
    park: async ({ group, place, delivery }) => {
      const key = { endpointId: delivery.endpointId, group };
      const kept = groups.get(nameOf(key));
      if (!kept) return 'refused';
      if (rows.has(`${nameOf(key)} ${place}`)) return 'done';
      groups.set(nameOf(key), { ...kept, parks: kept.parks + 1 });
      putRow(key, { place, delivery });
      return 'done';
    },
    delete: async (key, { epoch, parks }) => {
      const group = groups.get(nameOf(key));
      if (group?.epoch !== epoch || group.parks !== parks) return 'refused';
      groups.delete(nameOf(key));
      return 'done';
    },
    listParked: async (key, limit) => rowsOf(key).slice(0, limit),
    deleteParked: async (key, place) => {
      rows.delete(`${nameOf(key)} ${place}`);
    },
    listOfEndpoint: async (endpointId, { after = '', limit }) => {
      const own = [...groups.values()]
        .filter((group) => group.endpointId === endpointId && group.group > after)
        .sort((one, other) => (one.group < other.group ? -1 : 1));
      const page = own.slice(0, limit);
      const last = page.at(-1);
      return { groups: page, ...(own.length > limit && last && { next: last.group }) };
    },
    listBlocked: async (endpointId, limit) =>
      [...groups.values()]
        .filter((group) => group.endpointId === endpointId && group.state === 'blocked')
        .sort((one, other) => one.since.getTime() - other.since.getTime())
        .slice(0, limit)
        .map(({ group, head, reason, detail, since }) => ({
          endpointId,
          group,
          head,
          reason,
          ...(detail !== undefined && { detail }),
          since,
        })),
    findNextRetry: async (endpointId, { after = '', maxGroups }) =>
      [...groups.values()]
        .filter((group) => group.endpointId === endpointId && group.group > after)
        .sort((one, other) => (one.group < other.group ? -1 : 1))
        .slice(0, maxGroups)
        .flatMap(({ reason, notBefore }) => (isRetry(reason) && notBefore ? [notBefore] : []))
        .sort((one, other) => one.getTime() - other.getTime())[0],
    listGroupsOf: async ({ endpointId, messageId }) => [
      ...new Set(
        [...rows.values()]
          .filter(({ row }) => 'delivery' in row && row.delivery.messageId === messageId)
          .filter((row) => row.endpointId === endpointId)
          .map(({ group }) => group),
      ),
    ],
  };
}

const isRetry = (reason: StoredGroup['reason']): boolean => reason === 'retry' || reason === 'endpoint-failing';

const nameOf = ({ endpointId, group }: GroupKey): string => `${endpointId} ${group}`;

const ownerOf = ({ organisationId, applicationId, endpointId, group }: GroupWrite['owner']) => ({
  organisationId,
  applicationId,
  endpointId,
  group,
});
