import type { RowChange } from '../batch/row-change.ts';
import type { Endpoint } from './endpoint.ts';
import { endpointFactsOf } from './endpoint-facts.ts';

const changedAt = new Date('2026-01-01T00:00:00Z');
const endpoint: Endpoint = {
  organisationId: 'org_1',
  applicationId: 'app_1',
  endpointId: 'ep_1',
  uid: 'mine',
  url: 'https://example.com/',
  description: '',
  disabled: false,
  metadata: { a: '1', b: '2' },
  secrets: [{ sealedKey: 'k', expiresAt: changedAt }],
  revision: 1,
  createdAt: changedAt,
  updatedAt: changedAt,
};
const head = { sequenceNumber: '1', changedAt };
const anUpdate = (changes: Partial<Endpoint>, old: Endpoint = endpoint): RowChange<Endpoint> => ({
  ...head,
  kind: 'updated',
  old,
  new: { ...old, revision: 2, updatedAt: new Date('2026-01-02T00:00:00Z'), ...changes },
});
const about = { organisationId: 'org_1', applicationId: 'app_1', endpointId: 'ep_1', uid: 'mine', at: changedAt };

describe('the facts in a change of an endpoint', () => {
  it('are its creation and its deletion', () => {
    expect(endpointFactsOf({ ...head, kind: 'inserted', new: endpoint })).toEqual([{ ...about, kind: 'created' }]);
    expect(endpointFactsOf({ ...head, kind: 'removed', old: endpoint, by: 'request' })).toEqual([
      { ...about, kind: 'deleted' },
    ]);
  });

  it.each<[string, Partial<Endpoint>, readonly string[]]>([
    ['URL', { url: 'https://example.com/other' }, ['url']],
    ['filters', { eventTypes: ['a'], channels: ['b'] }, ['eventTypes', 'channels']],
    ['secret', { secrets: [{ sealedKey: 'new' }, ...endpoint.secrets] }, ['secrets']],
    ['headers', { sealedHeaders: 'new' }, ['sealedHeaders']],
    ['order', { order: { onExhausted: 'skip' } }, ['order']],
    ['metadata', { metadata: { a: '1' } }, ['metadata']],
    ['transformation', { transformation: { enabled: true, updatedAt: new Date(0) } }, ['transformation']],
  ])('name the fields of an update: %s', (_, changes, fields) => {
    expect(endpointFactsOf(anUpdate(changes))).toEqual([{ ...about, kind: 'updated', fields }]);
  });

  it('tell enabling and disabling apart from other updates', () => {
    expect(endpointFactsOf(anUpdate({ disabled: true }))).toEqual([{ ...about, kind: 'disabled', trigger: 'manual' }]);
    expect(endpointFactsOf(anUpdate({ disabled: false }, { ...endpoint, disabled: true }))).toEqual([
      { ...about, kind: 'enabled' },
    ]);
    expect(endpointFactsOf(anUpdate({ disabled: true, description: 'x' })).map(({ kind }) => kind)).toEqual([
      'updated',
      'disabled',
    ]);
  });

  it('say that Posthorn disabled the endpoint', () => {
    expect(endpointFactsOf(anUpdate({ disabled: true, autoDisabled: true }))).toEqual([
      { ...about, kind: 'disabled', trigger: 'automatic' },
    ]);
  });

  it('say since when a disabled endpoint has failed', () => {
    const health = { failures: 10, failingSince: new Date('2025-12-27T00:00:00Z') };
    expect(endpointFactsOf(anUpdate({ disabled: true }, { ...endpoint, health }))).toEqual([
      { ...about, kind: 'disabled', failSince: health.failingSince, trigger: 'manual' },
    ]);
  });

  it('are none for a change of its health', () => {
    expect(endpointFactsOf(anUpdate({ health: { failures: 1 } }))).toEqual([]);
  });

  it('are none for the same values, in whatever order they are stored', () => {
    const same = { metadata: { b: '2', a: '1' }, secrets: [{ expiresAt: changedAt, sealedKey: 'k' }] };
    expect(endpointFactsOf(anUpdate(same))).toEqual([]);
  });
});
