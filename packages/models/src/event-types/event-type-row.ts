import type { EventType } from '@posthorn/core';
import {
  ForeignRow,
  flagOf,
  ifPresent,
  instantOf,
  numberOf,
  type Row,
  textOf,
  textsOf,
  withoutAbsent,
} from '../rows/row.ts';

/**
 * The attributes of an event type's row besides its keys. The schemas are stored as one JSON text. `featureFlag` is the
 * first flag: earlier versions know no other one, and would show the event type to everybody if it were absent.
 * `featureFlags` are all of them, if there are several.
 */
export const eventTypeAttributes = {
  description: String,
  archived: Boolean,
  deprecated: Boolean,
  schemas: String,
  featureFlag: String,
  featureFlags: { type: Array, schema: [String] },
  groupName: String,
  creation: String,
  enforced: Boolean,
  revision: Number,
  createdAt: String,
  updatedAt: String,
};

export const toEventTypeRow = ({ schemas, featureFlags, createdAt, updatedAt, ...flat }: EventType): Row =>
  withoutAbsent({
    ...flat,
    schemas: schemas && JSON.stringify(schemas),
    featureFlag: featureFlags[0],
    featureFlags: featureFlags.length > 1 ? [...featureFlags] : undefined,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  });

export const readEventType = (row: Row): EventType => ({
  organisationId: textOf(row, 'organisationId'),
  name: textOf(row, 'name'),
  description: textOf(row, 'description'),
  archived: flagOf(row, 'archived'),
  deprecated: flagOf(row, 'deprecated'),
  featureFlags: readFeatureFlags(row),
  ...withoutAbsent({
    schemas: ifPresent(row, 'schemas', readSchemas),
    groupName: ifPresent(row, 'groupName', textOf),
    creation: ifPresent(row, 'creation', textOf),
    enforced: ifPresent(row, 'enforced', flagOf),
  }),
  // Earlier versions did not count changes.
  revision: ifPresent(row, 'revision', numberOf) ?? 0,
  createdAt: instantOf(row, 'createdAt'),
  updatedAt: instantOf(row, 'updatedAt'),
});

function readFeatureFlags(row: Row): readonly string[] {
  const first = ifPresent(row, 'featureFlag', textOf);
  return ifPresent(row, 'featureFlags', textsOf) ?? (first === undefined ? [] : [first]);
}

function readSchemas(row: Row, attribute: string): Readonly<Record<string, unknown>> {
  const parsed: unknown = JSON.parse(textOf(row, attribute));
  if (typeof parsed !== 'object' || parsed === null) throw new ForeignRow(attribute);
  return { ...parsed };
}
