import { createStreamTails, type TailRecord } from './stream-tails.ts';

// Only the sequence number is compared.
const record = (sequence: number): TailRecord => ({ sequence, bytes: 100, record: {} as never });
const sequencesFrom = (tails: ReturnType<typeof createStreamTails>, sequence: number, limit = 1_000) =>
  tails.read('s', 0, sequence, limit)?.map((one) => one.sequence);

it('has all records from its start on, and says so if it does not', () => {
  const tails = createStreamTails(5, 10_000);
  expect(sequencesFrom(tails, 5)).toEqual([]);
  expect(sequencesFrom(tails, 4)).toBeUndefined();
  tails.add('s', 0, [record(6), record(9)]);
  expect(sequencesFrom(tails, 5)).toEqual([6, 9]);
  expect(sequencesFrom(tails, 7)).toEqual([9]);
  expect(sequencesFrom(tails, 5, 1)).toEqual([6]);
  expect(sequencesFrom(tails, 10)).toEqual([]);
  expect(tails.read('s', 1, 5, 10)).toEqual([]);
});

it('drops the oldest records when it has too many bytes', () => {
  const tails = createStreamTails(1, 1_000);
  for (let sequence = 1; sequence <= 95; sequence += 1) tails.add('s', 0, [record(sequence)]);
  expect(tails.from('s', 0)).toBe(86);
  expect(sequencesFrom(tails, 85)).toBeUndefined();
  expect(sequencesFrom(tails, 86)).toEqual([86, 87, 88, 89, 90, 91, 92, 93, 94, 95]);
});

it('forgets a removed stream', () => {
  const tails = createStreamTails(1, 1_000);
  tails.add('s', 0, [record(1)]);
  tails.add('t', 0, [record(2)]);
  tails.remove('s');
  expect(sequencesFrom(tails, 1)).toEqual([]);
  expect(tails.read('t', 0, 1, 10)).toHaveLength(1);
});
