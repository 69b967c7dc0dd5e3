import type { DecodedRecord } from '@posthorn/core';
import type { StreamRecord } from '@posthorn/models/stream-records';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';

/**
 * Works on the records of a batch in their order. Returns the sequence number of the first record that is to be run
 * again, with all records behind it.
 */
export type RunRecords<Row> = (records: readonly DecodedRecord<Row>[]) => Promise<string | undefined>;

/** A function that a table's stream invokes. It knows what Lambda sends; `run` knows only rows. */
export const createStreamHandler =
  <Row>(decode: (records: readonly StreamRecord[]) => readonly DecodedRecord<Row>[], run: RunRecords<Row>) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const firstFailed = await run(decode(Records));
    return { batchItemFailures: firstFailed === undefined ? [] : [{ itemIdentifier: firstFailed }] };
  };
