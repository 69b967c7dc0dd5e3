import type { Integration } from './integration.ts';
import { decideOnRotation, withKey } from './key-rotation.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);
const integration: Integration = {
  organisationId: 'org_1',
  applicationId: 'app_1',
  integrationId: 'integ_1',
  name: 'Accounting',
  featureFlags: [],
  revision: 1,
  createdAt: at(0),
  updatedAt: at(0),
};
const rotation = (keyId: string, seconds: number, isResumed = false) => ({
  keyId,
  requestedAt: at(seconds),
  isResumed,
});

describe('a request for a new key', () => {
  it('makes the first one, and replaces an earlier one', () => {
    expect(decideOnRotation(integration, rotation('a', 1))).toBe('rotate');
    expect(decideOnRotation(withKey(integration, 'a', at(1)), rotation('b', 2))).toBe('rotate');
  });

  it('that is taken up again makes it if the first try did not', () => {
    const withFirst = withKey(integration, 'a', at(1));
    expect(decideOnRotation(withFirst, rotation('b', 2, true))).toBe('rotate');
    expect(decideOnRotation(withKey(withFirst, 'b', at(3)), rotation('b', 2, true))).toBe('done');
  });

  it('that is taken up again ends no key that was made after it', () => {
    const first = withKey(integration, 'a', at(1));
    expect(decideOnRotation(withKey(first, 'c', at(3)), rotation('b', 2, true))).toBe('overtaken');
  });

  it('whose key was made and replaced does not bring it back, whatever the clocks say', () => {
    const replaced = withKey(withKey(integration, 'b', at(3)), 'c', at(1));
    for (const isResumed of [true, false])
      expect(decideOnRotation(replaced, rotation('b', 2, isResumed))).toBe('overtaken');
  });

  it('is not held up by a clock that is behind', () => {
    expect(decideOnRotation(withKey(integration, 'a', at(3)), rotation('b', 2))).toBe('rotate');
  });
});

it('an integration remembers its last eight keys', () => {
  let current = withKey(integration, 'key 0', at(0));
  for (let n = 1; n <= 10; n += 1) current = withKey(current, `key ${n}`, at(n));
  expect(current).toMatchObject({ keyId: 'key 10', keyMadeAt: at(10), updatedAt: at(10) });
  expect(current.endedKeyIds).toEqual(Array.from({ length: 8 }, (_, n) => `key ${n + 2}`));
});
