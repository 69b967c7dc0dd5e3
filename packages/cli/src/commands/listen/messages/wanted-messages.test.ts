import { isWanted } from './wanted-messages.ts';

it.each([
  [{}, true],
  [{ eventTypes: ['a', 'b'] }, true],
  [{ eventTypes: ['b'] }, false],
  [{ channels: ['eu'] }, true],
  [{ channels: ['us', 'eu'] }, true],
  [{ channels: ['us'] }, false],
  [{ eventTypes: ['a'], channels: ['us'] }, false],
])('the filter %j, for a message of type a and channel eu: %j', (filter, expected) =>
  expect(isWanted(filter, { eventType: 'a', channels: ['eu'] })).toBe(expected),
);

it('leaves out a message without channels if the filter has some', () => {
  expect(isWanted({ channels: ['eu'] }, { eventType: 'a', channels: [] })).toBe(false);
});
