import { hasFailed, isFinal, judge, type ListedAttempt, type Standing } from './judge.ts';

const aStanding = (more: Partial<Standing> = {}): Standing => ({
  id: 'ep_1',
  url: 'https://example.com/',
  disabled: false,
  statusText: 'success',
  nextAttempt: null,
  ...more,
});
const anAttempt = (responseStatusCode: number, response = ''): ListedAttempt => ({
  endpointId: 'ep_1',
  responseStatusCode,
  response,
});

describe('the outcome at an endpoint', () => {
  it.each<[Partial<Standing>, boolean, string]>([
    [{ statusText: 'success' }, false, 'delivered'],
    [{ statusText: 'success', disabled: true }, false, 'delivered'],
    [{ statusText: 'fail' }, false, 'failed'],
    [{ statusText: 'fail', disabled: true }, false, 'failed'],
    [{ statusText: 'canceled' }, false, 'canceled'],
    [{ statusText: 'pending' }, false, 'waiting'],
    [{ statusText: 'sending' }, false, 'waiting'],
    [{ statusText: 'sending', disabled: true }, false, 'disabled'],
    [{ statusText: 'pending', disabled: true }, false, 'disabled'],
    [{ statusText: 'sending', disabled: true }, true, 'blocked'],
  ])('of %j (blocked: %s) is %s', (standing, isBlocked, outcome) => {
    const judged = judge({ standing: aStanding(standing), attempts: [], isBlocked });
    expect(judged.outcome).toBe(outcome);
    expect(isFinal(judged)).toBe(outcome !== 'waiting');
  });

  it('has the number of attempts and the newest answer', () => {
    const attempts = [anAttempt(0, 'no route'), anAttempt(503)];
    const judged = judge({ standing: aStanding({ statusText: 'fail' }), attempts, isBlocked: false });
    expect(judged).toMatchObject({ attempts: 2, lastStatus: 0, reason: 'no route' });
    expect(judge({ standing: aStanding(), attempts: [anAttempt(200, 'ok')], isBlocked: false })).not.toHaveProperty(
      'reason',
    );
  });

  it('is a failure unless it was delivered, waits, or the transformation of the receiver canceled it', () => {
    const fails = (standing: Partial<Standing>, attempts: readonly ListedAttempt[] = []) =>
      hasFailed(judge({ standing: aStanding(standing), attempts, isBlocked: false }));
    expect([fails({}), fails({ statusText: 'sending' })]).toEqual([false, false]);
    expect([fails({ statusText: 'fail' }), fails({ statusText: 'sending', disabled: true })]).toEqual([true, true]);
    expect(fails({ statusText: 'canceled' })).toBe(true);
    expect(fails({ statusText: 'canceled' }, [anAttempt(0)])).toBe(false);
  });
});
