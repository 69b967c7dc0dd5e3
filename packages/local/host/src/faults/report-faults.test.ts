import { createFaults } from '@posthorn/local-event-sources';
import { reportFaults } from './report-faults.ts';

const planned = (share: number, random: () => number) => {
  const told: string[] = [];
  const plan = { duplicate: share, reorder: share > 0, cut: share, replay: share };
  const faults = reportFaults(createFaults(plan, { random, die: () => undefined }), (fault) => told.push(fault));
  return { faults, told };
};

it('tells of each fault that happens', () => {
  let draw = 1;
  const { faults, told } = planned(1, () => {
    draw *= 0.9;
    return draw;
  });
  expect(faults.duplicates()).toBe(true);
  expect(faults.replays()).toBe(true);
  expect(faults.reorder(['a', 'b'])).toEqual(['b', 'a']);
  expect(faults.cutAt(10)).toBeLessThan(10);
  expect(told).toEqual(['duplicate', 'replay', 'reorder', 'cut']);
});

it('tells nothing if nothing happens', () => {
  const { faults, told } = planned(0, () => 0.5);
  expect([faults.duplicates(), faults.replays(), faults.cutAt(10)]).toEqual([false, false, 10]);
  expect(faults.reorder(['a', 'b'])).toEqual(['a', 'b']);
  // One item has no other order.
  expect(planned(1, () => 0.5).faults.reorder(['a'])).toEqual(['a']);
  expect(told).toEqual([]);
});
