import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';

/** A record that was inserted into a table, as its stream tells of it. */
export interface InsertedRecord {
  readonly sequenceNumber: string;
  readonly image: NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>;
}

/** Takes a stream record apart; the event source mapping's filter lets only inserts through. */
export function toInsertedRecord({ dynamodb }: DynamoDBRecord): InsertedRecord {
  if (dynamodb?.NewImage === undefined || dynamodb.SequenceNumber === undefined)
    throw new Error('a stream record without a new image: the stream must carry NEW_IMAGE or NEW_AND_OLD_IMAGES');
  return { sequenceNumber: dynamodb.SequenceNumber, image: dynamodb.NewImage };
}

/** Everything from the first failed record on is run again. */
export const toBatchResponse = (firstFailed: string | undefined): DynamoDBBatchResponse => ({
  batchItemFailures: firstFailed === undefined ? [] : [{ itemIdentifier: firstFailed }],
});
