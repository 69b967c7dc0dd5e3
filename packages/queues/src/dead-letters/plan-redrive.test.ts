import { toDeliveryJob, toTaskJob } from '@posthorn/contracts';
import { aDelivery, ids } from '@posthorn/testing';
import { planRedrive } from './plan-redrive.ts';

const delivery = toDeliveryJob(aDelivery());
const named = {
  applicationId: ids.application,
  endpointId: ids.endpoint,
  messageId: ids.message,
  attemptNumber: 1,
};

describe('the plan of a redrive', () => {
  it.each([
    ['deliveries-dead-letters', 'deliveries'],
    ['deliveries-dead-letters.fifo', 'deliveries.fifo'],
  ] as const)('moves a delivery of %s to %s', (queue, to) => {
    const note = queue.endsWith('.fifo') ? { note: expect.stringContaining('out of order') } : {};
    expect(planRedrive({ queue, body: delivery })).toEqual({ kind: 'moves', to, ids: named, ...note });
  });

  it('moves a slice of a task to its queue, and lets it make the failed task go on', () => {
    const { applicationId, endpointId } = named;
    const job = { organisationId: ids.organisation, applicationId, endpointId, taskId: ids.task, slice: 3 };
    expect(planRedrive({ queue: 'tasks-dead-letters', body: toTaskJob(job) })).toEqual({
      kind: 'moves',
      to: 'tasks',
      ids: { applicationId, endpointId, taskId: ids.task, slice: 3 },
      body: toTaskJob({ ...job, resumes: true }),
    });
  });

  it('moves a slice of a task that has no endpoint', () => {
    const { applicationId } = named;
    const job = { organisationId: ids.organisation, applicationId, taskId: ids.task, slice: 0 };
    const plan = planRedrive({ queue: 'tasks-dead-letters', body: toTaskJob(job) });
    expect(plan).toStrictEqual({
      kind: 'moves',
      to: 'tasks',
      ids: { applicationId, taskId: ids.task, slice: 0 },
      body: toTaskJob({ ...job, resumes: true }),
    });
  });

  it('leaves a delivery whose retries are exhausted: it would come back', () => {
    const entry = { queue: 'deliveries-dead-letters.fifo', body: delivery, reason: 'retries exhausted' } as const;
    expect(planRedrive(entry)).toMatchObject({ kind: 'stays', ids: named });
  });

  it.each([
    ['deliveries-dead-letters', 'hello', 'not a delivery job'],
    ['deliveries-dead-letters.fifo', '{"version":1}', 'not a delivery job: invalid organisationId'],
    ['tasks-dead-letters', delivery, 'not a slice of a task'],
  ] as const)('leaves an entry of %s that is not a job: %s', (queue, body, why) => {
    expect(planRedrive({ queue, body })).toEqual({ kind: 'stays', ids: {}, why: expect.stringContaining(why) });
  });

  it.each(['{"DDBStreamBatchInfo":{}}', 'hello'])('has the records of a notice run again: %s', (body) =>
    expect(planRedrive({ queue: 'stream-failures', body })).toEqual({ kind: 'runs', ids: {} }),
  );

  it('names the row of a stream record that was set aside', () => {
    const body = JSON.stringify({ table: 'posthorn-dev-messages', key: { row: 'msg_1' }, reason: 'x' });
    expect(planRedrive({ queue: 'stream-failures', body }).ids).toEqual({
      table: 'posthorn-dev-messages',
      key: '{"row":"msg_1"}',
    });
  });
});
