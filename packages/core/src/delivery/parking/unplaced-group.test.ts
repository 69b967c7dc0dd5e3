import { isMadeInGroup, isUnplacedGroup, unplacedGroupOf } from './unplaced-group.ts';

describe('the group of deliveries whose group is not known', () => {
  it('is one for each endpoint, and no group of a destination', () => {
    expect(unplacedGroupOf({ endpointId: 'ep_1' })).toBe('aside_ep_1');
    expect(isUnplacedGroup('aside_ep_1')).toBe(true);
    expect(isUnplacedGroup('ep_1_aside_')).toBe(false);
  });
});

describe('a delivery to a destination', () => {
  it.each([
    [{ trigger: 'scheduled' }, true],
    [{ trigger: 'manual' }, false],
    [{ trigger: 'scheduled', retriesFrom: 3 }, false],
  ] as const)('%j is made in its group: %s', (delivery, expected) => {
    expect(isMadeInGroup(delivery)).toBe(expected);
  });
});
