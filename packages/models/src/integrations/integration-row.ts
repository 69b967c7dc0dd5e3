import type { Integration } from '@posthorn/core';
import { ifPresent, instantOf, numberOf, type Row, textOf, textsOf, withoutAbsent } from '../rows/row.ts';

export const integrationKey = ({
  applicationId,
  integrationId,
}: Pick<Integration, 'applicationId' | 'integrationId'>) => ({
  owner: applicationId,
  entry: integrationId,
});

export const toIntegrationRow = (integration: Integration): Row =>
  withoutAbsent({
    ...integrationKey(integration),
    organisationId: integration.organisationId,
    name: integration.name,
    featureFlags: integration.featureFlags.length > 0 ? integration.featureFlags : undefined,
    keyId: integration.keyId,
    keyMadeAt: integration.keyMadeAt?.toISOString(),
    endedKeyIds: integration.endedKeyIds,
    revision: integration.revision,
    createdAt: integration.createdAt.toISOString(),
    updatedAt: integration.updatedAt.toISOString(),
  });

export const readIntegration = (row: Row): Integration => ({
  organisationId: textOf(row, 'organisationId'),
  applicationId: textOf(row, 'owner'),
  integrationId: textOf(row, 'entry'),
  name: textOf(row, 'name'),
  featureFlags: textsOf(row, 'featureFlags'),
  ...withoutAbsent({
    keyId: ifPresent(row, 'keyId', textOf),
    keyMadeAt: ifPresent(row, 'keyMadeAt', instantOf),
    endedKeyIds: ifPresent(row, 'endedKeyIds', textsOf),
  }),
  revision: numberOf(row, 'revision'),
  createdAt: instantOf(row, 'createdAt'),
  updatedAt: instantOf(row, 'updatedAt'),
});
