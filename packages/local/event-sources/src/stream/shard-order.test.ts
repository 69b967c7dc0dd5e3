import { laneOf } from './lanes.ts';
import { nextPauseMs } from './next-pause.ts';
import { shardsToStart } from './shard-lineage.ts';
import { createShardProgress } from './shard-progress.ts';

describe('the shards of a stream', () => {
  const parent = { shardId: 'parent', closed: true };
  const child = { shardId: 'child', parentShardId: 'parent', closed: false };
  const other = { shardId: 'other', parentShardId: 'trimmed away', closed: false };

  const idsToStart = (done: readonly string[], running: readonly string[]) =>
    shardsToStart([parent, child, other], new Set(done), new Set(running)).map(({ shardId }) => shardId);

  it('start if their parent is not listed', () => {
    expect(idsToStart([], [])).toEqual(['parent', 'other']);
  });

  it('do not start a child while its parent is running', () => {
    expect(idsToStart([], ['parent', 'other'])).toEqual([]);
  });

  it('start a child when its parent is done', () => {
    expect(idsToStart(['parent'], ['other'])).toEqual(['child']);
  });
});

const second = (number: string) => new Date(Number(number) * 1_000);

describe('the progress of a shard', () => {
  it('moves past a change only when all earlier ones are done', () => {
    const progress = createShardProgress();
    for (const sequenceNumber of ['1', '2', '3', '4']) progress.begin(sequenceNumber, second(sequenceNumber));
    expect(progress.checkpoint()).toBeUndefined();
    expect(progress.oldestOpenAt()).toEqual(second('1'));
    progress.finish(['2', '3']);
    expect(progress.checkpoint()).toBeUndefined();
    progress.finish(['1']);
    expect([progress.checkpoint(), progress.open()]).toEqual(['3', 1]);
    expect(progress.oldestOpenAt()).toEqual(second('4'));
    progress.finish(['4']);
    expect(progress.oldestOpenAt()).toBeUndefined();
  });
});

describe('the lanes of a shard', () => {
  it('keep a key in its lane and use all lanes', () => {
    const keys = Array.from({ length: 200 }, (_, index) => `key ${index}`);
    const lanes = keys.map((key) => laneOf(key, 10));
    expect(keys.map((key) => laneOf(key, 10))).toEqual(lanes);
    expect(new Set(lanes).size).toBe(10);
  });
});

describe('the pause between reads of a shard', () => {
  const pace = { activeMs: 20, idleMs: 250 };

  it('is short after changes', () => {
    expect(nextPauseMs(250, true, pace)).toBe(20);
  });

  it('grows to its limit while nothing changes', () => {
    expect([20, 30, 200].map((pauseMs) => nextPauseMs(pauseMs, false, pace))).toEqual([30, 45, 250]);
  });
});
