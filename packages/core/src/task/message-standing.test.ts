import type { DeliveryStatus, StoredDelivery } from '../delivery/stored-delivery.ts';
import { isAskedFor, standingOf } from './message-standing.ts';

type KnownAttempt = Parameters<typeof standingOf>[1][number];

const at = new Date('2026-01-01T00:00:00Z');
const anAttempt = (overrides: Partial<KnownAttempt> = {}): KnownAttempt => ({
  status: 'succeeded',
  attemptNumber: 1,
  responseStatusCode: 200,
  trigger: 'scheduled',
  next: { kind: 'done' },
  ...overrides,
});
const failedAttempt = (attemptNumber: number, retries = true) =>
  anAttempt({
    attemptNumber,
    status: 'failed',
    responseStatusCode: 503,
    next: retries ? { kind: 'retry', at } : { kind: 'exhausted' },
  });
const manual = (status: 'succeeded' | 'failed') => anAttempt({ trigger: 'manual', status, responseStatusCode: 0 });
const aStoredDelivery = (status: DeliveryStatus, { attemptNumber = 1 } = {}): StoredDelivery => ({
  ...status,
  delivery: {
    organisationId: 'org_1',
    applicationId: 'app_1',
    messageId: 'msg_1',
    endpointId: 'ep_1',
    attemptNumber,
    scheduledAt: at,
    trigger: 'scheduled',
  },
  since: at,
});

describe('the standing of a message at an endpoint', () => {
  it.each([
    ['unknown, if nothing is known', undefined, [], undefined],
    [
      'success, at the first try',
      undefined,
      [anAttempt()],
      { status: 'success', lastNumber: 1, wasTried: true, lastCode: 200 },
    ],
    [
      'success, after failures',
      undefined,
      [anAttempt({ attemptNumber: 3 }), failedAttempt(2), failedAttempt(1)],
      { status: 'success', lastNumber: 3, wasTried: true, lastCode: 200 },
    ],
    [
      'success, although it failed when it was sent again by hand',
      undefined,
      [manual('failed'), anAttempt()],
      { status: 'success', lastNumber: 1, wasTried: true, lastCode: 0 },
    ],
    [
      'sending, while a retry is planned',
      aStoredDelivery({ state: 'planned', reason: 'retry' }, { attemptNumber: 2 }),
      [failedAttempt(1)],
      { status: 'sending', lastNumber: 2, wasTried: true, lastCode: 503 },
    ],
    [
      'pending, while it waits untried',
      aStoredDelivery({ state: 'held', reason: 'endpoint-failing' }),
      [],
      { status: 'pending', lastNumber: 1, wasTried: false },
    ],
    [
      'fail, when it has failed',
      aStoredDelivery({ state: 'failed', reason: 'exhausted' }, { attemptNumber: 8 }),
      [failedAttempt(8, false)],
      { status: 'fail', lastNumber: 8, wasTried: true, lastCode: 503 },
    ],
    [
      'canceled, without a code if it was never tried',
      aStoredDelivery({ state: 'canceled', reason: 'endpoint_disabled' }),
      [],
      { status: 'canceled', lastNumber: 1, wasTried: false },
    ],
    [
      'canceled, by code',
      undefined,
      [manual('failed'), anAttempt({ attemptNumber: 2, responseStatusCode: 0 }), failedAttempt(1)],
      { status: 'canceled', lastNumber: 2, wasTried: true, lastCode: 0 },
    ],
    [
      'success, although code canceled it when it was sent again by hand',
      undefined,
      [manual('succeeded'), anAttempt()],
      { status: 'success', lastNumber: 1, wasTried: true, lastCode: 0 },
    ],
    [
      'fail, when it was canceled after an attempt',
      aStoredDelivery({ state: 'canceled', reason: 'endpoint_disabled' }, { attemptNumber: 2 }),
      [failedAttempt(1)],
      { status: 'fail', lastNumber: 2, wasTried: true, lastCode: 503 },
    ],
    [
      'sending, if its row is that of a group',
      undefined,
      [failedAttempt(1)],
      { status: 'sending', lastNumber: 1, wasTried: true, lastCode: 503 },
    ],
    [
      'fail, if it failed before there were rows',
      undefined,
      [manual('failed'), failedAttempt(2, false), failedAttempt(1)],
      { status: 'fail', lastNumber: 2, wasTried: true, lastCode: 0 },
    ],
  ] as const)('is %s', (_, stored, attempts, expected) => {
    expect(standingOf(stored, attempts, false)).toEqual(expected);
  });

  it.each([
    ['sending, if it has blocked its group', [failedAttempt(2, false), failedAttempt(1)], 'sending', 2],
    ['pending, if it waits untried, and failed when it was sent by hand', [manual('failed')], 'pending', 0],
    ['success, if it was accepted', [anAttempt()], 'success', 1],
    ['canceled, if code canceled it', [anAttempt({ responseStatusCode: 0 })], 'canceled', 1],
  ] as const)('at a destination is %s', (_, attempts, status, lastNumber) => {
    expect(standingOf(undefined, attempts, true)).toMatchObject({ status, lastNumber });
  });
});

describe('a filter', () => {
  const standing = { status: 'fail', lastNumber: 8, wasTried: true, lastCode: 503 } as const;

  it.each([
    [{}, true],
    [{ status: 'fail' }, true],
    [{ status: 'success' }, false],
    [{ statusCodeClass: 500 }, true],
    [{ statusCodeClass: 400 }, false],
    [{ status: 'fail', statusCodeClass: 0 }, false],
  ] as const)('%j on a failed message', (filters, expected) => expect(isAskedFor(standing, filters)).toBe(expected));

  it('asks for a message with a planned attempt only by its status', () => {
    const sending = { status: 'sending', lastNumber: 2, wasTried: true, lastCode: 503 } as const;
    expect(isAskedFor(sending, {})).toBe(false);
    expect(isAskedFor(sending, { status: 'sending' })).toBe(true);
  });

  it('by class does not match a message that was never tried', () => {
    expect(isAskedFor({ status: 'canceled', lastNumber: 1, wasTried: false }, { statusCodeClass: 0 })).toBe(false);
    expect(isAskedFor({ ...standing, lastCode: 0 }, { statusCodeClass: 0 })).toBe(true);
  });

  it('by class 0 does not match a message that code canceled, unless canceled ones are asked for', () => {
    const canceled = { status: 'canceled', lastNumber: 1, wasTried: true, lastCode: 0 } as const;
    expect(isAskedFor(canceled, { statusCodeClass: 0 })).toBe(false);
    expect(isAskedFor(canceled, { statusCodeClass: 0, status: 'canceled' })).toBe(true);
  });
});
