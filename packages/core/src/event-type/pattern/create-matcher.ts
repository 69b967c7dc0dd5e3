import { isWordCharacter } from './character-tests.ts';
import { compilePattern, type PatternProgram, type Place } from './compile-pattern.ts';
import { parsePattern } from './parse-pattern.ts';

export interface Matcher {
  /** Whether a text contains what the pattern describes. `spend` is told how many steps it took, again and again. */
  matches(text: string, spend: (steps: number) => void): boolean;
  /** How large the pattern is: its steps, with what its classes take. */
  readonly size: number;
}

/**
 * Makes a matcher of a regular expression, which `isRegularExpression` has accepted. All ways through the expression are
 * followed at the same time, so the time grows with the length of the text times that of the expression, and never
 * exponentially. Characters are code points, as with the flag `u`.
 *
 * @throws UnmatchablePattern if the expression looks around, refers back, or repeats too much
 * @example createMatcher('^(a+)+$').matches('aaaa', () => undefined) // => true
 */
export function createMatcher(pattern: string): Matcher {
  const program = compilePattern(parsePattern(pattern));
  const marks = createMarks(program.steps.length);
  return {
    matches: (text, spend) => matches(program, text, { marks, spend }),
    size: program.steps.length + program.classSize,
  };
}

const end = -1;

/** What it takes to begin, and what Node takes for the class of a character that is remembered for no class. */
const stepsOfStart = 5;
const stepsOfClass = 6;
const firstUnremembered = 128;

interface Run {
  readonly marks: Marks;
  readonly spend: (steps: number) => void;
}

function matches({ steps, start, isAnchored }: PatternProgram, text: string, { marks, spend }: Run): boolean {
  spend(stepsOfStart);
  let from: number[] = [];
  let before = end;
  for (let at = 0; ; ) {
    if (at === 0 || !isAnchored) from.push(start);
    if (from.length === 0) return false;
    marks.clear();
    const code = text.codePointAt(at) ?? end;
    const next: number[] = [];
    let visited = 0;
    while (from.length > 0) {
      const number = from.pop() ?? 0;
      // Many ways can lead to one step.
      visited += 1;
      if (!marks.add(number)) continue;
      const step = steps[number];
      if (step?.kind === 'character') {
        if (step.isOfClass && code >= firstUnremembered) visited += stepsOfClass;
        if (code !== end && step.test(code)) next.push(step.to);
      } else if (step?.kind === 'split') from.push(...step.to);
      else if (step?.kind === 'place') {
        if (isAt(step.at, before, code)) from.push(step.to);
      } else return true;
    }
    spend(visited);
    if (code === end) return false;
    before = code;
    from = next;
    at += code > 0xffff ? 2 : 1;
  }
}

/** Whether a place is of a kind, by the characters before and after it. */
function isAt(place: Place, before: number, after: number): boolean {
  switch (place) {
    case 'start':
      return before === end;
    case 'end':
      return after === end;
    case 'boundary':
      return isWordCharacter(before) !== isWordCharacter(after);
    case 'no-boundary':
      return isWordCharacter(before) === isWordCharacter(after);
  }
}

type Marks = ReturnType<typeof createMarks>;

/** Which steps were reached at one place of the text. They are cleared without writing to all of them. */
function createMarks(count: number) {
  const rounds = new Int32Array(count);
  let round = 0;
  return {
    clear: (): void => {
      round += 1;
      if (round < maxRounds) return;
      rounds.fill(0);
      round = 1;
    },
    /** Returns false if it was there already. */
    add: (step: number): boolean => {
      if (rounds[step] === round) return false;
      rounds[step] = round;
      return true;
    },
  };
}

const maxRounds = 2 ** 31 - 1;
