import { randomUUID } from 'node:crypto';
import type { CheckedRequest } from '../dynalite/checked-request.ts';
import type { IndexDescription, TableDescription, TableLayout } from '../schema/table.ts';
import type { State } from '../state/state.ts';

const account = '000000000000';

const tableArn = ({ region }: Pick<State, 'region'>, name: string): string =>
  `arn:aws:dynamodb:${region}:${account}:table/${name}`;

const noThroughput = { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };

/** Returns the description of a new table. Its status is ACTIVE from the start. */
export function toDescription(state: State, request: CheckedRequest): TableDescription {
  const { Tags: _tags, StreamSpecification: _stream, BillingMode, ...asked } = request;
  // Checked by the operation's types and rules.
  const layout = asked as CheckedRequest & TableLayout & { readonly TableName: string };
  const arn = tableArn(state, layout.TableName);
  const created = state.now() / 1_000;
  const { LocalSecondaryIndexes, GlobalSecondaryIndexes, ...rest } = layout;
  return {
    ...rest,
    ...(LocalSecondaryIndexes && {
      LocalSecondaryIndexes: LocalSecondaryIndexes.map((index) => ({ ...index, ...figures(arn, index) })),
    }),
    ...(GlobalSecondaryIndexes && {
      GlobalSecondaryIndexes: GlobalSecondaryIndexes.map((index) => toGlobalIndex(arn, index, 'ACTIVE')),
    }),
    TableArn: arn,
    TableId: randomUUID(),
    TableStatus: 'ACTIVE',
    CreationDateTime: created,
    ItemCount: 0,
    TableSizeBytes: 0,
    DeletionProtectionEnabled: request.DeletionProtectionEnabled === true,
    ProvisionedThroughput: {
      ...((request.ProvisionedThroughput as object) ?? noThroughput),
      NumberOfDecreasesToday: 0,
    },
    ...(BillingMode === 'PAY_PER_REQUEST' && {
      BillingModeSummary: { BillingMode, LastUpdateToPayPerRequestDateTime: created },
    }),
  };
}

const figures = (arn: string, { IndexName }: IndexDescription) => ({
  IndexArn: `${arn}/index/${IndexName}`,
  IndexSizeBytes: 0,
  ItemCount: 0,
});

export const toGlobalIndex = (
  arn: string,
  index: IndexDescription,
  IndexStatus: 'CREATING' | 'ACTIVE',
): IndexDescription => ({
  ...index,
  ...figures(arn, index),
  IndexStatus,
  ...(IndexStatus === 'CREATING' && { Backfilling: true }),
  ProvisionedThroughput: { ...((index.ProvisionedThroughput as object) ?? noThroughput), NumberOfDecreasesToday: 0 },
});
