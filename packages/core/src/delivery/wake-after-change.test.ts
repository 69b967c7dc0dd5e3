import type { RowChange } from '../batch/row-change.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { wakeAfterChange } from './wake-after-change.ts';

const changedAt = new Date('2026-01-01T00:00:00Z');
const endpoint: Endpoint = {
  organisationId: 'org_1',
  applicationId: 'app_1',
  endpointId: 'ep_1',
  url: 'https://example.com/',
  description: '',
  disabled: false,
  metadata: {},
  secrets: [{ sealedKey: 'k' }],
  health: { failures: 10, breaker: { epoch: 7, openUntil: changedAt, step: 0 } },
  revision: 1,
  createdAt: changedAt,
  updatedAt: changedAt,
};
const { health: _, ...healthy } = endpoint;
const disabled = { ...endpoint, disabled: true };
const head = { sequenceNumber: '1', changedAt };
const anUpdate = (old: Endpoint, next: Endpoint): RowChange<Endpoint> => ({ ...head, kind: 'updated', old, new: next });
const ids = { organisationId: 'org_1', applicationId: 'app_1', endpointId: 'ep_1' };

describe('an endpoint whose breaker holds deliveries', () => {
  it.each<[string, RowChange<Endpoint>]>([
    ['is enabled', anUpdate(disabled, healthy)],
    ['is disabled', anUpdate(endpoint, disabled)],
    ['gets another URL', anUpdate(endpoint, { ...endpoint, url: 'https://example.com/new' })],
    ['is deleted', { ...head, kind: 'removed', old: endpoint, by: 'request' }],
  ])('is woken at once when it %s', (_, change) => {
    expect(wakeAfterChange(change)).toEqual({ ...ids, epoch: 7, at: changedAt, slice: 0 });
  });

  it('is not woken by other changes', () => {
    expect(wakeAfterChange(anUpdate(endpoint, { ...endpoint, description: 'other' }))).toBeUndefined();
    expect(wakeAfterChange(anUpdate(healthy, endpoint))).toBeUndefined();
    expect(wakeAfterChange({ ...head, kind: 'inserted', new: endpoint })).toBeUndefined();
  });

  it('is the only one that is woken', () => {
    expect(wakeAfterChange(anUpdate({ ...healthy, disabled: true }, healthy))).toBeUndefined();
  });
});

it('a deleted endpoint is woken in any case, so that what waits for it ends', () => {
  const change: RowChange<Endpoint> = { ...head, kind: 'removed', old: healthy, by: 'request' };
  expect(wakeAfterChange(change)).toEqual({ ...ids, epoch: 0, at: changedAt, slice: 0 });
});
