import { type AnswerHead, classifyAnswer } from './classify-answer.ts';

const now = new Date('2026-01-01T00:00:00Z');
const anAnswer = (head: Partial<AnswerHead>): AnswerHead => ({
  status: 503,
  headers: () => ({}),
  now,
  ...head,
});

describe('an answer', () => {
  it.each([
    [200, { kind: 'accepted', status: 200 }],
    [299, { kind: 'accepted', status: 299 }],
    [304, { kind: 'rejected', status: 304 }],
    [410, { kind: 'gone', status: 410 }],
    [429, { kind: 'rejected', status: 429 }],
  ])('with the status %i is classified', (status, outcome) => {
    expect(classifyAnswer(anAnswer({ status }))).toEqual(outcome);
  });

  it.each([
    ['120', 120],
    [' 7.2 ', 8],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60],
    ['Thursday, 01-Jan-26 00:01:00 GMT', 60],
    ['Wed, 31 Dec 2025 23:59:59 GMT', 0],
    ['-1', undefined],
    ['soon', undefined],
    ['after 2099', undefined],
    ['Nov, 99999999999 GMT', undefined],
    ['', undefined],
  ])('with the Retry-After %j gives %p seconds', (retryAfter, seconds) => {
    const outcome = classifyAnswer(anAnswer({ headers: () => ({ 'retry-after': retryAfter }) }));
    expect(outcome).toEqual({
      kind: 'rejected',
      status: 503,
      ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
    });
  });

  it('has a date relative to its own clock, however wrong that is', () => {
    const date = 'Fri, 01 Jan 2021 00:00:00 GMT';
    const outcome = classifyAnswer(
      anAnswer({ headers: () => ({ date, 'retry-after': 'Fri, 01 Jan 2021 00:00:30 GMT' }) }),
    );
    expect(outcome).toMatchObject({ retryAfterSeconds: 30 });
  });

  it.each([
    [200, 'disable', { kind: 'accepted', status: 200, asks: 'disable' }],
    [200, 'abort-message', { kind: 'accepted', status: 200, asks: 'abort-message' }],
    [500, ' Disable ', { kind: 'rejected', status: 500, asks: 'disable' }],
    [302, 'abort-message', { kind: 'rejected', status: 302, asks: 'abort-message' }],
    [410, 'abort-message', { kind: 'gone', status: 410 }],
    [500, 'disable, abort-message', { kind: 'rejected', status: 500 }],
    [500, 'enable', { kind: 'rejected', status: 500 }],
    [200, ['disable'], { kind: 'accepted', status: 200 }],
  ])('with status %i and the header webhook-delivery %j is classified', (status, wish, outcome) => {
    expect(classifyAnswer(anAnswer({ status, headers: () => ({ 'webhook-delivery': wish }) }))).toEqual(outcome);
  });
});
