import { queueName, tableName } from '@posthorn/contracts';
import type { Point } from '@posthorn/local-host/faults/plan';
import { localStage } from '@posthorn/local-supervisor/host-options';

const table = (name: Parameters<typeof tableName>[1]) => tableName(localStage, name);
const queue = (name: Parameters<typeof queueName>[1]) => queueName(localStage, name);

interface Step {
  readonly step: string;
  readonly point: Point;
  /** How often the traffic reaches the point: the kill is at any of this many times. */
  readonly upTo: number;
}

const invoked = (name: string, key: string): readonly Step[] => [
  { step: `${name}: after receive`, point: { gate: 'invoke', when: 'before', function: key }, upTo: 20 },
  { step: `${name}: before the acknowledgement`, point: { gate: 'invoke', when: 'after', function: key }, upTo: 20 },
];

interface Call {
  readonly function: string;
  readonly gate: 'tables' | 'queues';
  readonly operation?: string;
  readonly target: string;
  readonly row?: string;
}

const around = (name: string, call: Call, upTo: number): readonly Step[] => [
  { step: `${name}: before`, point: { ...call, when: 'before' }, upTo },
  { step: `${name}: after`, point: { ...call, when: 'after' }, upTo },
];

const often = 20;
const seldom = 4;
const [accept, fanOut] = ['postMessage', 'onMessageInserted'];
const [standard, fifo, count] = ['deliverStandard', 'deliverFifo', 'onAttemptInserted'];

/** Every step at which the host is killed. */
export const killSteps: readonly Step[] = [
  ...invoked('accept', accept),
  ...around(
    'accept: claim',
    { function: accept, gate: 'tables', operation: 'PutItem', target: table('claims') },
    often,
  ),
  ...around(
    'accept: claim an event id',
    { function: accept, gate: 'tables', operation: 'PutItem', target: table('claims'), row: 'message' },
    2,
  ),
  ...around(
    'accept: a part of a large body',
    { function: accept, gate: 'tables', operation: 'PutItem', target: table('messages'), row: 'chunk' },
    2,
  ),
  ...around(
    'accept: insert',
    { function: accept, gate: 'tables', operation: 'PutItem', target: table('messages') },
    often,
  ),
  ...invoked('fan-out', fanOut),
  ...around(
    'fan-out: send jobs',
    { function: fanOut, gate: 'queues', operation: 'SendMessageBatch', target: queue('deliveries') },
    often,
  ),
  ...around(
    'fan-out: send jobs with order',
    { function: fanOut, gate: 'queues', operation: 'SendMessageBatch', target: queue('deliveries.fifo') },
    often,
  ),
  ...invoked('deliver', standard),
  { step: 'deliver: before send', point: { gate: 'request', when: 'before' }, upTo: often },
  { step: 'deliver: during send', point: { gate: 'request', when: 'during' }, upTo: often },
  { step: 'deliver: after 2xx', point: { gate: 'request', when: 'after' }, upTo: often },
  ...around(
    'deliver: record',
    { function: standard, gate: 'tables', operation: 'PutItem', target: table('attempts') },
    often,
  ),
  ...around(
    'deliver: send the retry',
    { function: standard, gate: 'queues', operation: 'SendMessageBatch', target: queue('deliveries') },
    seldom,
  ),
  ...around(
    'deliver: store what waits',
    { function: standard, gate: 'tables', operation: 'PutItem', target: table('deliveries') },
    often,
  ),
  ...around(
    'deliver: delete what is done',
    { function: standard, gate: 'tables', operation: 'DeleteItem', target: table('deliveries') },
    often,
  ),
  ...invoked('deliver in order', fifo),
  ...around(
    'deliver in order: record',
    { function: fifo, gate: 'tables', operation: 'PutItem', target: table('attempts') },
    often,
  ),
  ...around(
    'parking: the head, its group and its wake',
    { function: fifo, gate: 'tables', operation: 'TransactWriteItems', target: table('due-deliveries') },
    often,
  ),
  ...around(
    'parking: behind the head',
    { function: fifo, gate: 'tables', operation: 'TransactWriteItems', target: table('groups') },
    often,
  ),
  ...around(
    'parking: send the wake',
    { function: fifo, gate: 'queues', operation: 'SendMessageBatch', target: queue('deliveries') },
    seldom,
  ),
  ...around(
    'draining: forward the wake',
    { function: standard, gate: 'queues', operation: 'SendMessageBatch', target: queue('deliveries.fifo') },
    seldom,
  ),
  ...around(
    'draining: read the line',
    { function: fifo, gate: 'tables', operation: 'Query', target: table('deliveries') },
    seldom,
  ),
  ...around(
    'draining: delete what is through',
    { function: fifo, gate: 'tables', operation: 'DeleteItem', target: table('deliveries') },
    seldom,
  ),
  ...around(
    'draining: delete the group',
    { function: fifo, gate: 'tables', operation: 'DeleteItem', target: table('groups') },
    1,
  ),
  ...around(
    'draining: set a skipped head aside',
    { function: fifo, gate: 'queues', target: queue('deliveries-dead-letters.fifo') },
    2,
  ),
  ...around(
    'draining: store the end of a skipped head',
    { function: fifo, gate: 'tables', operation: 'PutItem', target: table('deliveries'), row: 'exhausted' },
    2,
  ),
  ...around(
    'throttle: take a turn',
    { function: standard, gate: 'tables', operation: 'UpdateItem', target: table('throttles') },
    often,
  ),
  ...around(
    'throttle: wait for the turn',
    { function: standard, gate: 'tables', operation: 'PutItem', target: table('deliveries'), row: 'throttled' },
    seldom,
  ),
  ...around('count: add', { function: count, gate: 'tables', operation: 'UpdateItem', target: table('statistics') }, 1),
];
