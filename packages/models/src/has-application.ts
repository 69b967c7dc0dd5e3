import { tableName } from '@posthorn/contracts';
import { type Application, isOperationalApplicationId } from '@posthorn/core';
import { getRow } from './rows/row-access.ts';
import type { Store } from './store.ts';

/**
 * Whether an application exists. Sees every write that finished before it began. The hidden one of an organisation has no
 * row, and is never deleted.
 */
export const createHasApplication =
  ({ client, stage }: Store) =>
  async ({
    organisationId,
    applicationId,
  }: Pick<Application, 'organisationId' | 'applicationId'>): Promise<boolean> => {
    if (isOperationalApplicationId(applicationId)) return true;
    const key = { organisationId, applicationId };
    const request = { tableName: tableName(stage, 'applications'), key, attributes: ['applicationId'] };
    return (await getRow({ client }, request)) !== undefined;
  };
