import { placementOfMessageId, timeOfId } from '@posthorn/core';
import { secondsLater, startOfTests } from '@posthorn/testing';
import { deriveMessageId } from './message-identity.ts';

describe('the message id of a source', () => {
  it('is the same for the same source and time', () => {
    expect(deriveMessageId(['orders', '7'], startOfTests)).toBe(deriveMessageId(['orders', '7'], startOfTests));
  });

  it.each([
    ['part', ['orders', '8'], startOfTests],
    ['division into parts', ['orders7'], startOfTests],
    ['time', ['orders', '7'], secondsLater(1)],
  ])('differs for another %s', (_, source, at) => {
    expect(deriveMessageId(source, at)).not.toBe(deriveMessageId(['orders', '7'], startOfTests));
  });

  it('carries the time of the source, and the sharded placement', () => {
    for (let n = 0; n < 8; n += 1) {
      const id = deriveMessageId(['orders', String(n)], secondsLater(n));
      expect([timeOfId(id), placementOfMessageId(id)]).toEqual([secondsLater(n), 'sharded']);
    }
  });
});
