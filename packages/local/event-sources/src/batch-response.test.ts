import { readBatchResponse } from './batch-response.ts';

const read = (result: unknown, reportFailures = true) =>
  readBatchResponse({ result, ids: new Set(['a', 'b']), reportFailures });

describe('reading the response to a batch', () => {
  it.each([null, undefined, {}, [], { batchItemFailures: [] }, { batchItemFailures: null }])(
    'reads %j as success',
    (result) => {
      expect(read(result)).toEqual({ kind: 'succeeded' });
    },
  );

  it('reads any response as success without ReportBatchItemFailures', () => {
    expect(read({ batchItemFailures: [{ itemIdentifier: 'a' }] }, false)).toEqual({ kind: 'succeeded' });
  });

  it('finds the records that failed', () => {
    const result = { batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'b' }] };
    expect(read(result)).toEqual({ kind: 'partly-failed', ids: new Set(['b']) });
  });

  it.each([
    'text',
    5,
    [{ itemIdentifier: 'a' }],
    { batchItemFailures: 'a' },
    { batchItemFailures: ['a'] },
    { batchItemFailures: [{ itemIdentifier: '' }] },
    { batchItemFailures: [{ itemIdentifier: null }] },
    { batchItemFailures: [{ id: 'a' }] },
    { batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'of another batch' }] },
  ])('reads %j as a failure of the whole batch', (result) => {
    expect(read(result)).toMatchObject({ kind: 'failed' });
  });
});
