import { queueName, tableName } from '@posthorn/contracts';
import type { PlannedKill, Point } from '@posthorn/local-host/faults/plan';
import { localStage } from '@posthorn/local-supervisor/host-options';

const table = (name: Parameters<typeof tableName>[1]) =>
  ({ gate: 'tables', target: tableName(localStage, name) }) as const;
const queue = (name: Parameters<typeof queueName>[1]) =>
  ({ gate: 'queues', target: queueName(localStage, name) }) as const;
const [standard, fifo, fanOut] = ['deliverStandard', 'deliverFifo', 'onMessageInserted'];
const [endpointChanged, taskChanged, tasks] = ['onEndpointChanged', 'onTaskChanged', 'runTasks'];

const around = (step: string, point: Omit<Point, 'when'>): readonly PlannedKill[] =>
  (['before', 'after'] as const).map((when) => ({ step: `${step}: ${when}`, point: { ...point, when }, nth: 1 }));
const put = { operation: 'PutItem' } as const;
const read = { operation: 'Query' } as const;

/** The step of a kill between a dead letter's copy and its deletion, which is in no process of the system. */
export const redriveStep = 'redrive: between the copy and the deletion';

/**
 * Every step of what people ask for. The deletion of an endpoint leads to most of the first ones, and each one to the next,
 * because the job of a worker that dies comes back.
 */
export const peopleSteps: readonly PlannedKill[] = [
  ...around('delete: store the wake', { ...table('due-deliveries'), ...put, function: endpointChanged }),
  ...around('delete: send the wake', { ...queue('deliveries'), function: endpointChanged, row: 'wake' }),
  ...around('delete: send the sweep', { ...queue('deliveries'), function: endpointChanged, row: 'sweep' }),
  ...around('sweep: read the groups', { ...table('groups'), ...read, function: standard }),
  ...around('sweep: send commands', { ...queue('deliveries.fifo'), function: standard, row: 'command' }),
  ...around('sweep: store', { ...table('deliveries'), ...put, function: fifo, row: 'endpoint_deleted' }),
  ...around('cancel: list what waits', { ...table('deliveries'), ...read, function: standard }),
  ...around('cancel: store', { ...table('deliveries'), ...put, function: standard, row: 'endpoint_deleted' }),
  ...around('cancel: look again', { ...table('due-deliveries'), ...put, function: standard, row: 'wake' }),
  ...around('disabled: block a group', {
    ...table('groups'),
    operation: 'TransactWriteItems',
    function: fifo,
    row: 'endpoint-disabled',
  }),
  ...around('gone: disable', { ...table('endpoints'), operation: 'UpdateItem', function: standard }),
  ...around('command: store', { ...table('messages'), ...put, function: 'destinations', row: 'command' }),
  ...around('command: send', { ...queue('deliveries.fifo'), function: fanOut, row: 'command' }),
  ...around('command: take the group', {
    ...table('groups'),
    operation: 'TransactWriteItems',
    function: fifo,
    row: 'resumed',
  }),
  ...around('skip: set aside', { ...queue('deliveries-dead-letters.fifo'), function: fifo }),
  ...around('skip: store', { ...table('deliveries'), ...put, function: fifo, row: 'skipped' }),
  ...around('task: store', { ...table('tasks'), ...put, function: 'backgroundTasks' }),
  ...around('task: send the slice', { ...queue('tasks'), function: taskChanged }),
  ...around('task: send a page', { ...queue('deliveries'), function: tasks }),
  ...around('task: store what it has begun', { ...table('deliveries'), ...put, function: tasks }),
  ...around('task: store how far it is', { ...table('tasks'), ...put, function: tasks }),
];
