import { toDeliveryJob } from './delivery-job.ts';
import { ownerOfJob, parseJob } from './job.ts';
import { toSweepJob } from './sweep-job.ts';
import { toWakeJob } from './wake-job.ts';

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
    { ...delivery, attemptNumber: 10, retriesFrom: 9 },
    { ...delivery, retriesFrom: 2, isUntried: true } as const,
    { ...delivery, notBefore, probe: 1_767_225_600_000 },
    { ...delivery, notBefore, slot: { of: 'all', rates: { endpoint: 5, application: 20 }, tries: 1 } } as const,
  ])('keeps the delivery as it is: %j', (sent) => {
    expect(parseJob(toDeliveryJob(sent))).toEqual({ kind: 'delivery', delivery: sent });
  });

  it('has no slot if the text of its slot cannot be read', () => {
    const text = JSON.stringify({ ...JSON.parse(toDeliveryJob({ ...delivery, notBefore })), slot: 'some' });
    expect(parseJob(text)).toEqual({ kind: 'delivery', delivery: { ...delivery, notBefore } });
  });

  it('is read as older versions of Posthorn wrote it', () => {
    const text =
      '{"version":1,"organisationId":"org_1","applicationId":"app_1","messageId":"msg_1","endpointId":"ep_1",' +
      '"attemptNumber":2,"trigger":"scheduled","scheduledAt":"2026-01-01T00:00:00.123Z"}';
    expect(parseJob(text)).toEqual({ kind: 'delivery', delivery });
    expect(toDeliveryJob(delivery)).toBe(text);
  });

  it.each([
    ['', 'not a delivery job'],
    ['no json', 'not a delivery job'],
    ['null', 'not a delivery job'],
    [toDeliveryJob({ ...delivery, attemptNumber: 0 }), 'not a delivery job: invalid attemptNumber'],
    [JSON.stringify({ ...delivery, version: 2, notBefore: 'soon' }), 'not a delivery job: invalid version, notBefore'],
  ])('is not the text %j, with the reason', (text, reason) => {
    expect(parseJob(text)).toEqual({ kind: 'refused', reason });
  });
});

const wake = {
  organisationId: 'org_1',
  applicationId: 'app_1',
  endpointId: 'ep_1',
  epoch: 7,
  at: new Date('2026-01-01T00:00:00.123Z'),
  slice: 0,
};

describe('a wake job', () => {
  it.each([wake, { ...wake, group: 'ep_1#"a"', slice: 3 }])('keeps the wake as it is: %j', (sent) => {
    expect(parseJob(toWakeJob(sent))).toEqual({ kind: 'wake', wake: sent });
  });

  it('has a text of its own kind, that names its owner', () => {
    expect(toWakeJob(wake)).toBe(
      '{"version":1,"kind":"wake","organisationId":"org_1","applicationId":"app_1","endpointId":"ep_1","epoch":7,' +
        '"slice":0,"at":"2026-01-01T00:00:00.123Z"}',
    );
    expect(ownerOfJob(toWakeJob(wake))).toEqual({ applicationId: 'app_1', endpointId: 'ep_1' });
  });

  it('is refused with the reason if a field is invalid', () => {
    const text = JSON.stringify({ ...JSON.parse(toWakeJob(wake)), version: 2, at: 'soon' });
    expect(parseJob(text)).toEqual({ kind: 'refused', reason: 'not a wake job: invalid version, at' });
  });
});

it('refuses a job of a kind that this version does not know', () => {
  const text = JSON.stringify({ ...JSON.parse(toDeliveryJob(delivery)), kind: 'later' });
  expect(parseJob(text)).toEqual({ kind: 'refused', reason: 'not a job: its kind is unknown' });
});

describe('a sweep job', () => {
  const { organisationId, applicationId, endpointId } = delivery;
  const sweep = { organisationId, applicationId, endpointId, requestedAt: notBefore };

  it.each([sweep, { ...sweep, endsBlocks: true, looksAgain: true, after: 'ep_1_a' } as const])(
    'keeps the sweep as it is: %j',
    (sent) => {
      expect(parseJob(toSweepJob(sent))).toEqual({ kind: 'sweep', sweep: sent });
    },
  );
});
