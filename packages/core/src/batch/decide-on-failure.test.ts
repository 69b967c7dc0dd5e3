import { decideOnFailure, maxReceivesOfFaultyJob } from './decide-on-failure.ts';
import { PassingError } from './passing-error.ts';
import { UnusableData } from './unusable-data.ts';

describe('decideOnFailure', () => {
  it.each([1, maxReceivesOfFaultyJob, 999])('returns a job with a passing error, at receive %i', (receives) => {
    const error = new PassingError('the queue did not take the entry');
    expect(decideOnFailure({ error, receives })).toEqual({ kind: 'return', fault: 'passing' });
  });

  it('returns a job whose unusable data is only the symptom of a passing error', () => {
    const error = new UnusableData('does not open', { cause: new PassingError('KMS is down') });
    expect(decideOnFailure({ error, receives: 1 })).toEqual({ kind: 'return', fault: 'passing' });
  });

  it('sets a job with unusable data aside at once, with the reason', () => {
    const error = new UnusableData('row has an invalid attribute: at');
    expect(error.name).toBe('UnusableData');
    expect(decideOnFailure({ error, receives: 1 })).toEqual({
      kind: 'set-aside',
      fault: 'data',
      reason: 'row has an invalid attribute: at',
    });
  });

  it('returns a job that fails by our own fault, until it was received 30 times', () => {
    const error = new TypeError('whsec_secret is not a function');
    const decide = (receives: number) => decideOnFailure({ error, receives });
    expect(decide(1)).toEqual({ kind: 'return', fault: 'own' });
    expect(decide(29)).toEqual({ kind: 'return', fault: 'own' });
    expect(decide(30)).toEqual({ kind: 'set-aside', fault: 'own', reason: 'fault in Posthorn: TypeError' });
    expect(decide(31)).toEqual({ kind: 'set-aside', fault: 'own', reason: 'fault in Posthorn: TypeError' });
  });

  it('names the type of what was thrown if it is not an error', () => {
    expect(decideOnFailure({ error: 'text', receives: 30 })).toMatchObject({ reason: 'fault in Posthorn: string' });
  });
});
