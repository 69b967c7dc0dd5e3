import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { EnforcementChecks, EnforcementRepository, EventTypeEnforcement } from '@posthorn/core';
import { flagOf, ifPresent, numberOf, type Row, textOf, toItem, withoutAbsent } from './rows/row.ts';
import { getRow } from './rows/row-access.ts';
import { transact } from './rows/transact.ts';
import type { Store } from './store.ts';
import { enforcementVersion, versionsKey } from './tokens/token-row.ts';

/** The row of an organisation. It is in a partition of its own, so that no list of event types meets it. */
const keyOf = (organisationId: string) => ({ organisationId: `enforcement#${organisationId}`, name: '!' });

/** What accepting a message asks. It is on the hot path, so it does not use Dynamoose. */
export function createEnforcementChecks({ client, stage }: Store): EnforcementChecks {
  const table = tableName(stage, 'event-types');
  return {
    findOrganisation: async (organisationId) => {
      const row = await getRow({ client }, { tableName: table, key: keyOf(organisationId) });
      return row && { enabled: ifPresent(row, 'enabled', flagOf) ?? false, version: numberOf(row, 'version') };
    },
    findEventType: async (organisationId, name) => {
      const attributes = ['archived', 'enforced', 'schemas'];
      const row = await getRow({ client }, { tableName: table, key: { organisationId, name }, attributes });
      return row === undefined || flagOf(row, 'archived') ? undefined : readEnforcement(row);
    },
  };
}

function readEnforcement(row: Row): EventTypeEnforcement {
  const schemas = ifPresent(row, 'schemas', textOf);
  return withoutAbsent({
    enforced: ifPresent(row, 'enforced', flagOf),
    schemas: schemas === '{}' ? undefined : schemas,
  });
}

/** Whether schemas are enforced, in DynamoDB. */
export function createEnforcementRepository(store: Store): EnforcementRepository {
  const { client, stage } = store;
  const { findOrganisation } = createEnforcementChecks(store);
  /** The version of the organisation and that of the installation change together. */
  const change = async (organisationId: string, enabled?: boolean): Promise<void> => {
    const one = { ':one': 1 };
    const values = enabled === undefined ? one : { ...one, ':enabled': enabled };
    const ofOrganisation: TransactWriteItem = {
      Update: {
        TableName: tableName(stage, 'event-types'),
        Key: toItem(keyOf(organisationId)),
        UpdateExpression: `${enabled === undefined ? '' : 'SET enabled = :enabled '}ADD version :one`,
        ExpressionAttributeValues: toItem(values),
      },
    };
    const ofInstallation: TransactWriteItem = {
      Update: {
        TableName: tableName(stage, 'tokens'),
        Key: toItem(versionsKey),
        // Earlier versions need the other count.
        UpdateExpression: `SET version = if_not_exists(version, :none) ADD ${enforcementVersion} :one`,
        ExpressionAttributeValues: toItem({ ...one, ':none': 0 }),
      },
    };
    await transact({ client }, [ofOrganisation, ofInstallation]);
  };
  return {
    findOrganisation,
    put: change,
    noteSwitch: (organisationId) => change(organisationId),
    noteChange: async (organisationId) => {
      // Who switches it on after this read reads the event type after its change.
      if (await findOrganisation(organisationId)) await change(organisationId);
    },
  };
}
