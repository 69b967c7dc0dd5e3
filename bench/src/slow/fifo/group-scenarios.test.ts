import { aloneOf, groupVariants, measureGroupVariant } from './group-scenarios.ts';

const seconds = 600;
const p95Of = (name: keyof typeof groupVariants): number => measureGroupVariant(groupVariants[name], seconds).p95;

describe('a quiet destination beside 50 messages a second to one that hangs or is slow, on AWS with the deployed limits', () => {
  it.each([
    'hangs: groups apart, paced',
    'answers after 14 s: groups apart, paced',
    'one by one, answers after 14 s: groups apart, paced',
  ] as const)('has a p95 of at most twice its quiet one: %s', (name) => {
    expect(p95Of(name)).toBeLessThanOrEqual(2 * p95Of(aloneOf(name)));
  });

  it.each([
    'hangs',
    'answers after 14 s',
    'answers after 14 s: batches of one job',
    'answers after 14 s: paced',
    'one by one, answers after 14 s: groups apart',
  ] as const)('has not: %s', (name) => {
    expect(p95Of(name)).toBeGreaterThan(2 * p95Of(aloneOf(name)));
  });
});
