import { parseDeliveryJob, toDeliveryJob } from './delivery-job.ts';

const delivery = {
  organisationId: 'org_1',
  applicationId: 'app_1',
  messageId: 'msg_1',
  endpointId: 'ep_1',
  attemptNumber: 2,
  scheduledAt: new Date('2026-01-01T00:00:00.123Z'),
  trigger: 'scheduled',
} as const;

describe('a delivery job', () => {
  it.each([delivery, { ...delivery, trigger: 'manual', attemptId: 'atmpt_1' } as const])(
    'keeps the delivery as it is',
    (sent) => {
      expect(parseDeliveryJob(toDeliveryJob(sent))).toEqual(sent);
    },
  );

  it.each(['', 'no json', 'null', '{}', '{"version":2}', toDeliveryJob({ ...delivery, attemptNumber: 0 })])(
    'is not the text %j',
    (text) => {
      expect(parseDeliveryJob(text)).toBeUndefined();
    },
  );
});
