import { defaultRetrySchedule, parseRetrySchedule } from './retry-schedule.ts';

describe('parseRetrySchedule', () => {
  it('returns the default for an empty text', () => {
    expect(parseRetrySchedule('')).toBe(defaultRetrySchedule);
    expect(parseRetrySchedule(' ')).toBe(defaultRetrySchedule);
  });

  it('reads seconds, with spaces around them', () => {
    expect(parseRetrySchedule(' 1, 1,2')).toEqual([1, 1, 2]);
    expect(parseRetrySchedule('0,604800')).toEqual([0, 604_800]);
  });

  it.each(['1,x', '-1', '604801', '999999', '0000001', '1;2', '1.5', '1 2', '1,,2', '1,', ',', 'x1', '1x'])(
    'refuses %s',
    (text) => {
      expect(parseRetrySchedule(text)).toBeUndefined();
    },
  );
});
