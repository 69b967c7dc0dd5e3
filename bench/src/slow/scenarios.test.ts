import { measureVariant, type SlowFigures, variants } from './scenarios.ts';

const seconds = 600;
const p95Of = (name: keyof typeof variants): number => measureVariant(variants[name], seconds).p95;

describe('a quiet tenant beside 50 messages a second to endpoints that hang, on AWS with the deployed limits', () => {
  const quiet = p95Of('alone');

  it.each(['slow queue', 'slow queue, breaker', 'answers after 14 s: slow queue, breaker'] as const)(
    'has a p95 of at most twice its quiet one: %s',
    (name) => {
      expect(p95Of(name)).toBeLessThanOrEqual(2 * quiet);
    },
  );

  it.each([
    'one queue, in order of arrival',
    'one queue, fair',
    'answers after 14 s: one queue, fair, breaker',
  ] as const)('has not with %s', (name) => {
    expect(p95Of(name)).toBeGreaterThan(2 * quiet);
  });

  it('gives the same figures for the same seed', () => {
    const run = (seed: number): SlowFigures => measureVariant(variants['slow queue, breaker'], 60, seed);
    expect(run(3)).toEqual(run(3));
    expect(run(4)).not.toEqual(run(3));
  });
});
