import { toOperationalBody } from './operational-event.ts';
import { attemptEventOf, endpointEventOf, taskEventOf } from './to-operational-event.ts';

const at = new Date('2026-01-01T00:00:00.000Z');
const endpoint = { organisationId: 'org_1', applicationId: 'app_1', endpointId: 'ep_1', at };
const bodyOf = (...args: Parameters<typeof toOperationalBody>) => JSON.parse(toOperationalBody(...args));

describe('the body of an operational webhook', () => {
  it.each(['created', 'deleted', 'enabled'] as const)('says that an endpoint was %s', (kind) => {
    const event = endpointEventOf({ ...endpoint, kind, uid: 'mine' }, { sequenceNumber: '7' });
    expect(bodyOf(event, 'customer')).toEqual({
      type: `endpoint.${kind}`,
      data: { appId: 'app_1', appUid: 'customer', endpointId: 'ep_1', endpointUid: 'mine' },
    });
  });

  it('has null for uids that are not set', () => {
    const event = endpointEventOf({ ...endpoint, kind: 'updated', fields: ['url'] }, { sequenceNumber: '7' });
    expect(bodyOf(event, undefined)).toEqual({
      type: 'endpoint.updated',
      data: { appId: 'app_1', appUid: null, endpointId: 'ep_1', endpointUid: null },
    });
  });

  it('says who disabled an endpoint, and since when it has failed', () => {
    const fact = { ...endpoint, kind: 'disabled', trigger: 'automatic', failSince: at } as const;
    expect(bodyOf(endpointEventOf(fact, { sequenceNumber: '7' }), undefined)).toEqual({
      type: 'endpoint.disabled',
      data: {
        appId: 'app_1',
        appUid: null,
        endpointId: 'ep_1',
        endpointUid: null,
        failSince: '2026-01-01T00:00:00.000Z',
        trigger: 'automatic',
      },
    });
  });

  it.each(['failing', 'exhausted', 'recovered'] as const)('says that a delivery is %s', (kind) => {
    const lastAttempt = { attemptId: 'atmpt_1', attemptNumber: 4, responseStatusCode: 500, attemptedAt: at };
    const event = attemptEventOf({ ...endpoint, kind, messageId: 'msg_1', eventId: 'order-1', lastAttempt });
    expect(bodyOf(event, 'customer')).toEqual({
      type: `message.attempt.${kind}`,
      data: {
        appId: 'app_1',
        appUid: 'customer',
        msgId: 'msg_1',
        msgEventId: 'order-1',
        endpointId: 'ep_1',
        lastAttempt: { id: 'atmpt_1', responseStatusCode: 500, timestamp: '2026-01-01T00:00:00.000Z' },
      },
    });
  });

  it('says how a task has ended, without an application of its own', () => {
    const work = { kind: 'endpoint.recover', since: at, until: at } as const;
    const task = { organisationId: 'org_1', taskId: 'qtask_1', status: 'finished', work, updatedAt: at } as const;
    expect(bodyOf(taskEventOf(task, { messagesSent: 3 }), undefined)).toEqual({
      type: 'background_task.finished',
      data: { taskId: 'qtask_1', task: 'endpoint.recover', status: 'finished', data: { messagesSent: 3 } },
    });
  });
});
