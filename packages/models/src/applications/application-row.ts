import type { AcceptingApplication, Application } from '@posthorn/core';
import { ifPresent, instantOf, numberOf, type Row, textOf, withoutAbsent } from '../rows/row.ts';
import { readTextMap } from '../rows/text-map.ts';

/** The attributes of an application's row besides its keys. */
export const applicationAttributes = {
  uid: String,
  name: String,
  throttleRate: Number,
  metadata: String,
  revision: Number,
  orderedAt: String,
  orderStarts: Number,
  orderSettled: Boolean,
  createdAt: String,
  updatedAt: String,
};

/** The attributes that an update writes. */
export const toChanges = ({ uid, name, throttleRate, metadata, updatedAt }: Application) => ({
  uid,
  name,
  throttleRate,
  metadata: JSON.stringify(metadata),
  updatedAt: updatedAt.toISOString(),
});

export const toApplicationRow = (application: Application) =>
  withoutAbsent({
    organisationId: application.organisationId,
    applicationId: application.applicationId,
    ...toChanges(application),
    revision: application.revision,
    orderedAt: application.orderedAt?.toISOString(),
    orderStarts: application.orderStarts,
    createdAt: application.createdAt.toISOString(),
  });

export const readApplication = (row: Row): Application => ({
  ...readAcceptingApplication(row),
  ...withoutAbsent({ throttleRate: ifPresent(row, 'throttleRate', numberOf) }),
  name: textOf(row, 'name'),
  metadata: readTextMap(row, 'metadata'),
  revision: numberOf(row, 'revision'),
  createdAt: instantOf(row, 'createdAt'),
  updatedAt: instantOf(row, 'updatedAt'),
});

export const readAcceptingApplication = (row: Row): AcceptingApplication => ({
  organisationId: textOf(row, 'organisationId'),
  applicationId: textOf(row, 'applicationId'),
  ...withoutAbsent({
    uid: ifPresent(row, 'uid', textOf),
    orderedAt: ifPresent(row, 'orderedAt', instantOf),
    orderStarts: ifPresent(row, 'orderStarts', numberOf),
  }),
});
