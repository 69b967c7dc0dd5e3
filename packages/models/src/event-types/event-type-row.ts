import type { EventType } from '@posthorn/core';
import { ForeignRow, flagOf, ifPresent, instantOf, type Row, textOf, withoutAbsent } from '../rows/row.ts';

/** The attributes of an event type's row besides its keys. The schemas are stored as one JSON text. */
export const eventTypeAttributes = {
  description: String,
  archived: Boolean,
  deprecated: Boolean,
  schemas: String,
  featureFlag: String,
  groupName: String,
  createdAt: String,
  updatedAt: String,
};

export const toEventTypeRow = ({ schemas, createdAt, updatedAt, ...flat }: EventType): Row =>
  withoutAbsent({
    ...flat,
    schemas: schemas && JSON.stringify(schemas),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  });

export const readEventType = (row: Row): EventType => ({
  organisationId: textOf(row, 'organisationId'),
  name: textOf(row, 'name'),
  description: textOf(row, 'description'),
  archived: flagOf(row, 'archived'),
  deprecated: flagOf(row, 'deprecated'),
  ...withoutAbsent({
    schemas: ifPresent(row, 'schemas', readSchemas),
    featureFlag: ifPresent(row, 'featureFlag', textOf),
    groupName: ifPresent(row, 'groupName', textOf),
  }),
  createdAt: instantOf(row, 'createdAt'),
  updatedAt: instantOf(row, 'updatedAt'),
});

function readSchemas(row: Row, attribute: string): Readonly<Record<string, unknown>> {
  const parsed: unknown = JSON.parse(textOf(row, attribute));
  if (typeof parsed !== 'object' || parsed === null) throw new ForeignRow(attribute);
  return { ...parsed };
}
