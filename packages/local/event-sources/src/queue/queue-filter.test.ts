import { aMessage } from '../testing/builders.ts';
import { createQueueFilter } from './queue-filter.ts';

describe('filtering messages', () => {
  it('parses a JSON body if the pattern has fields', () => {
    const accepts = createQueueFilter([{ body: { kind: ['paid'] } }]);
    expect(accepts(aMessage('1', { body: '{"kind":"paid"}' }))).toBe(true);
    expect(accepts(aMessage('1', { body: '{"kind":"open"}' }))).toBe(false);
    expect(accepts(aMessage('1', { body: 'paid' }))).toBe(false);
  });

  it('compares the text of the body if the pattern is a list', () => {
    const accepts = createQueueFilter([{ body: [{ prefix: 'paid' }] }]);
    expect(accepts(aMessage('1', { body: 'paid by card' }))).toBe(true);
  });
});
