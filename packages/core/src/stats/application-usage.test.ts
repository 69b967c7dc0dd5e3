import { readApplicationUsage } from './application-usage.ts';
import type { HourCounts } from './attempt-counts.ts';

const aDay = (day: number, eventType: string, counts: { success: number; fail: number }): HourCounts => ({
  hour: new Date(Date.UTC(2026, 0, day, 5)),
  ...counts,
  byEventType: new Map([[eventType, counts]]),
});
const endpointIds = Array.from({ length: 120 }, (_, n) => `ep_${String(n).padStart(3, '0')}`);

it('adds up all endpoints of an application, by endpoint, event type and day', async () => {
  const window = { since: new Date(0), until: new Date(1) };
  const usage = await readApplicationUsage(
    {
      listEndpoints: async (applicationId, { after = '', limit }) =>
        applicationId === 'app_1' ? endpointIds.filter((id) => id > after).slice(0, limit) : [],
      listHours: async ({ endpointId }, asked) => {
        expect(asked).toBe(window);
        if (endpointId === 'ep_001') return [];
        const first = aDay(1, 'paid', { success: 1, fail: 0 });
        return endpointId === 'ep_000' ? [first, aDay(2, 'sent', { success: 2, fail: 3 })] : [first];
      },
    },
    'app_1',
    window,
  );
  expect(usage).toEqual({
    success: 121,
    fail: 3,
    byEndpoint: new Map(
      endpointIds
        .filter((id) => id !== 'ep_001')
        .map((id) => [id, id === 'ep_000' ? { success: 3, fail: 3 } : { success: 1, fail: 0 }]),
    ),
    byEventType: new Map([
      ['paid', { success: 119, fail: 0 }],
      ['sent', { success: 2, fail: 3 }],
    ]),
    byDay: new Map([
      ['2026-01-01', { success: 119, fail: 0 }],
      ['2026-01-02', { success: 2, fail: 3 }],
    ]),
  });
});
