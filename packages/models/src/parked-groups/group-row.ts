import type { BlockedGroup, GroupChange, GroupKey, GroupOwner, StoredGroup } from '@posthorn/core';
import { groupReasons } from '@posthorn/core';
import { ifPresent, instantOf, numberOf, oneOf, type Row, textOf, withoutAbsent } from '../rows/row.ts';

export const groupKey = ({ endpointId, group }: GroupKey) => ({ endpointId, group });

/** The attributes that a change of a group writes. `parks` is not one of them: it only grows. */
export const toChangeAttributes = ({ endpointId }: GroupKey, to: GroupChange, now: Date): Row => ({
  state: to.state,
  // The key of the index of blocked groups: a row without it is not in the index.
  blocked: to.state === 'blocked' ? endpointId : undefined,
  epoch: to.epoch,
  head: to.head,
  place: to.place,
  attempt: to.attempt,
  notBefore: to.notBefore?.toISOString(),
  reason: to.reason,
  detail: to.detail,
  isAsked: to.isAsked,
  since: now.toISOString(),
});

export const toGroupRow = (owner: GroupOwner, to: GroupChange, now: Date): Row => ({
  ...groupKey(owner),
  org: owner.organisationId,
  app: owner.applicationId,
  ...toChangeAttributes(owner, to, now),
  parks: 1,
});

export const readGroup = (row: Row): StoredGroup => ({
  organisationId: textOf(row, 'org'),
  applicationId: textOf(row, 'app'),
  endpointId: textOf(row, 'endpointId'),
  group: textOf(row, 'group'),
  state: oneOf(row, 'state', ['waiting', 'blocked']),
  epoch: numberOf(row, 'epoch'),
  head: textOf(row, 'head'),
  place: textOf(row, 'place'),
  attempt: numberOf(row, 'attempt'),
  ...withoutAbsent({ notBefore: ifPresent(row, 'notBefore', instantOf) }),
  reason: oneOf(row, 'reason', groupReasons),
  ...withoutAbsent({ detail: ifPresent(row, 'detail', textOf) }),
  ...(row.isAsked === true && { isAsked: true }),
  parks: numberOf(row, 'parks'),
  since: instantOf(row, 'since'),
});

/** Reads a row of the index of blocked groups. */
export const readBlocked = (row: Row): BlockedGroup => ({
  endpointId: textOf(row, 'endpointId'),
  group: textOf(row, 'group'),
  head: textOf(row, 'head'),
  reason: oneOf(row, 'reason', groupReasons),
  ...withoutAbsent({ detail: ifPresent(row, 'detail', textOf) }),
  since: instantOf(row, 'since'),
});
