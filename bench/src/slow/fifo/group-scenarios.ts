import { type SlowFigures, toFigures } from '../scenarios.ts';
import { type GroupScenario, simulateGroups } from './simulate-groups.ts';

type GroupVariant = Omit<GroupScenario, 'seconds' | 'seed'>;

const together = { noisy: 'none', isApart: false, isPaced: false, readEveryMs: 250 } as const;
const oneByOne = { ...together, readEveryMs: 10 } as const;
const mended = { isApart: true, isPaced: true } as const;

export const groupVariants = {
  alone: { ...together, ...mended },
  hangs: { ...together, noisy: 'hanging' },
  'hangs: groups apart, paced': { ...together, ...mended, noisy: 'hanging' },
  'answers after 14 s': { ...together, noisy: 'late' },
  'answers after 14 s: batches of one job': { ...together, noisy: 'late', batchSize: 1 },
  'answers after 14 s: groups apart': { ...together, noisy: 'late', isApart: true },
  'answers after 14 s: paced': { ...together, noisy: 'late', isPaced: true },
  'answers after 14 s: groups apart, paced': { ...together, ...mended, noisy: 'late' },
  'one by one: alone': { ...oneByOne, ...mended },
  'one by one, hangs': { ...oneByOne, noisy: 'hanging' },
  'one by one, hangs: groups apart, paced': { ...oneByOne, ...mended, noisy: 'hanging' },
  'one by one, answers after 14 s': { ...oneByOne, noisy: 'late' },
  'one by one, answers after 14 s: groups apart': { ...oneByOne, noisy: 'late', isApart: true },
  'one by one, answers after 14 s: groups apart, paced': { ...oneByOne, ...mended, noisy: 'late' },
} as const satisfies Readonly<Record<string, GroupVariant>>;

/** The variant without a noisy tenant that another one is compared with. */
export const aloneOf = (name: string): keyof typeof groupVariants =>
  name.startsWith('one by one') ? 'one by one: alone' : 'alone';

/** Runs a variant. What was not sent until the end counts as the longest latency. */
export const measureGroupVariant = (variant: GroupVariant, seconds: number, seed = 1): SlowFigures =>
  toFigures(simulateGroups({ ...variant, seconds, seed }), seconds);
