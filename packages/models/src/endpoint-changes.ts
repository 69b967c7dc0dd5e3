import type { DecodedRecord, Endpoint } from '@posthorn/core';
import { readEndpoint } from './endpoints/endpoint-row.ts';
import { readStreamRow } from './stream-images.ts';
import { decodeRecord, type StreamRecord } from './stream-records.ts';

/** Decodes records of the endpoints table's stream. The rows of uids must be left out before: they are no endpoints. */
export const decodeEndpointRecords = (records: readonly StreamRecord[]): readonly DecodedRecord<Endpoint>[] =>
  records.map((record) => decodeRecord(record, (image) => readEndpoint(readStreamRow(image))));
