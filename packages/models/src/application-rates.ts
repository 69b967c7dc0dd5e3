import { tableName } from '@posthorn/contracts';
import type { Application } from '@posthorn/core';
import { ifPresent, numberOf } from './rows/row.ts';
import { getRow } from './rows/row-access.ts';
import type { Store } from './store.ts';

/** Reads the limit of an application, if it has one. It is on the hot path, so it does not use Dynamoose. */
export const createFindApplicationRate =
  ({ client, stage }: Store) =>
  async (key: Pick<Application, 'organisationId' | 'applicationId'>): Promise<number | undefined> => {
    const { organisationId, applicationId } = key;
    const row = await getRow(
      { client },
      {
        tableName: tableName(stage, 'applications'),
        key: { organisationId, applicationId },
        attributes: ['throttleRate'],
      },
    );
    return row && ifPresent(row, 'throttleRate', numberOf);
  };
