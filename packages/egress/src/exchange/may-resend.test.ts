import { Unreachable } from '../failure/unreachable.ts';
import { type BrokenExchange, mayResend } from './may-resend.ts';

const aBroken = (given: Partial<BrokenExchange> = {}): BrokenExchange => ({
  error: new Unreachable('reset'),
  connection: { isReused: true, hasAnswered: false },
  elapsedMs: 0,
  ...given,
});

describe('a request', () => {
  it.each([
    ['a kept connection that broke at once', {}, true],
    ['one that broke before everything was sent', { error: new Unreachable('reset-before-request') }, true],
    ['a new connection', { connection: { isReused: false, hasAnswered: false } }, false],
    ['a connection on which a byte of an answer came', { connection: { isReused: true, hasAnswered: true } }, false],
    ['a connection that broke after a second', { elapsedMs: 1_000 }, false],
    ['a connection without an answer in time', { error: new Unreachable('timeout') }, false],
    ['a fault of our own', { error: new TypeError('reset') }, false],
  ])('on %s is sent once more: %p', (_, given, expected) => {
    expect(mayResend(aBroken(given))).toBe(expected);
  });
});
