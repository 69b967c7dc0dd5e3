import { listPlanned, toPlanned } from './list-planned.ts';

it('lists each kill, and each kind of fault that has a share', () => {
  const point = { gate: 'invoke', when: 'before' } as const;
  const planned = listPlanned({
    kills: [{ step: 'a', point, nth: 1 }],
    tables: [
      { kind: 'throttle', probability: 0.1 },
      { kind: 'error', probability: 0 },
    ],
    queues: { throttle: 0, giveUp: 0.1 },
    eventSources: { duplicate: 0.1, reorder: true, cut: 0 },
  });
  expect(planned.map(({ fault }) => fault)).toEqual([
    'kill: a',
    'tables: throttle',
    'queues: give-up',
    'event sources: duplicate',
    'event sources: reorder',
  ]);
  expect(listPlanned({})).toEqual([]);
});

it('wants a name that is there twice two times', () => {
  expect(toPlanned(['a', 'b', 'a'])).toEqual([
    { kind: 'planned', fault: 'a', least: 2 },
    { kind: 'planned', fault: 'b', least: 1 },
  ]);
});
