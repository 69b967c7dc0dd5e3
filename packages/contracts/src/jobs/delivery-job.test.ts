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
const notBefore = new Date('2026-01-01T01:00:00.456Z');

describe('a delivery job', () => {
  it.each([
    delivery,
    { ...delivery, trigger: 'manual', attemptId: 'atmpt_1' } as const,
    { ...delivery, notBefore },
    { ...delivery, notBefore, slot: { of: 'all', rates: { endpoint: 5, application: 20 }, tries: 1 } } as const,
  ])('keeps the delivery as it is: %j', (sent) => {
    expect(parseDeliveryJob(toDeliveryJob(sent))).toEqual({ kind: 'delivery', delivery: sent });
  });

  it('has no slot if the text of its slot cannot be read', () => {
    const text = JSON.stringify({ ...JSON.parse(toDeliveryJob({ ...delivery, notBefore })), slot: 'some' });
    expect(parseDeliveryJob(text)).toEqual({ kind: 'delivery', delivery: { ...delivery, notBefore } });
  });

  it('is read as older versions of Posthorn wrote it', () => {
    const text =
      '{"version":1,"organisationId":"org_1","applicationId":"app_1","messageId":"msg_1","endpointId":"ep_1",' +
      '"attemptNumber":2,"trigger":"scheduled","scheduledAt":"2026-01-01T00:00:00.123Z"}';
    expect(parseDeliveryJob(text)).toEqual({ kind: 'delivery', delivery });
    expect(toDeliveryJob(delivery)).toBe(text);
  });

  it.each([
    ['', 'not a delivery job'],
    ['no json', 'not a delivery job'],
    ['null', 'not a delivery job'],
    [toDeliveryJob({ ...delivery, attemptNumber: 0 }), 'not a delivery job: invalid attemptNumber'],
    [JSON.stringify({ ...delivery, version: 2, notBefore: 'soon' }), 'not a delivery job: invalid version, notBefore'],
  ])('is not the text %j, with the reason', (text, reason) => {
    expect(parseDeliveryJob(text)).toEqual({ kind: 'refused', reason });
  });
});
