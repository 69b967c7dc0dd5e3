import { isShownWith } from './event-type.ts';

it.each([
  ['no flag to a token without flags', [], [], true],
  ['no flag to a token with flags', [], ['beta'], true],
  ['a flag to the organisation', ['beta'], undefined, true],
  ['a flag to a token that holds it', ['beta'], ['alpha', 'beta'], true],
  ['several flags to a token that holds one of them', ['alpha', 'beta'], ['beta'], true],
])('shows an event type with %s', (_, featureFlags, heldFlags, shown) => {
  expect(isShownWith(heldFlags, { featureFlags })).toBe(shown);
});

it.each([
  ['without flags', []],
  ['with other flags', ['alpha', 'beta2', 'BETA']],
])('hides an event type with a flag from a token %s', (_, heldFlags) => {
  expect(isShownWith(heldFlags, { featureFlags: ['beta'] })).toBe(false);
});
