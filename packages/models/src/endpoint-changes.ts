import type { DecodedRecord, Endpoint } from '@posthorn/core';
import { pollMark } from '@posthorn/core/poller/poll-mark';
import { readEndpoint } from './endpoints/endpoint-row.ts';
import { type PollMark, readPollMark } from './endpoints/poll-mark.ts';
import type { Row } from './rows/row.ts';
import { readStreamRow } from './stream-images.ts';
import { decodeRecord, type StreamRecord } from './stream-records.ts';

/** A row of the endpoints table whose changes something follows from. */
export type EndpointsTableRow =
  | { readonly kind: 'endpoint'; readonly endpoint: Endpoint }
  /** Says that the application is polled. */
  | { readonly kind: 'poll-mark'; readonly mark: PollMark };

/** Decodes records of the endpoints table's stream. All other rows, such as those of uids, must be left out before. */
export const decodeEndpointRecords = (records: readonly StreamRecord[]): readonly DecodedRecord<EndpointsTableRow>[] =>
  records.map((record) => decodeRecord(record, (image) => readRow(readStreamRow(image))));

const readRow = (row: Row): EndpointsTableRow =>
  row.endpointId === pollMark
    ? { kind: 'poll-mark', mark: readPollMark(row) }
    : { kind: 'endpoint', endpoint: readEndpoint(row) };
