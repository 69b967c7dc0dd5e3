import { type CharacterTest, type PatternNode, UnmatchablePattern } from './pattern-node.ts';

/** What a place in the text must be. */
export type Place = Extract<PatternNode, { kind: 'place' }>['at'];

/** One step of a program. `to` are the numbers of the steps that may follow. */
export type Step =
  | { readonly kind: 'character'; readonly test: CharacterTest; readonly isOfClass: boolean; readonly to: number }
  | { readonly kind: 'place'; readonly at: Place; readonly to: number }
  | { readonly kind: 'split'; readonly to: number[] }
  | { readonly kind: 'end' };

/** A regular expression as steps: a text matches if a way through the steps reads it. */
export interface PatternProgram {
  readonly steps: readonly Step[];
  readonly start: number;
  /** What the classes take to be kept ready to use, in the size of a step. */
  readonly classSize: number;
  /** Every match begins at the start of the text. */
  readonly isAnchored: boolean;
}

/** Repeating writes a part several times, so a short pattern can have many steps. */
const maxSteps = 20_000;

/** @throws UnmatchablePattern if it has too many steps */
export function compilePattern(node: PatternNode): PatternProgram {
  // Also a size that is no number is too large.
  if (!(sizeOf(node) <= maxSteps)) throw new UnmatchablePattern('repeats too much');
  const steps: Step[] = [{ kind: 'end' }];
  const add = (step: Step): number => steps.push(step) - 1;

  /** Adds the steps of a node, and returns the number of the first one. */
  const compile = (one: PatternNode, to: number): number => {
    switch (one.kind) {
      case 'character':
        return add({ kind: 'character', test: one.test, isOfClass: one.classSize !== undefined, to });
      case 'place':
        return add({ kind: 'place', at: one.at, to });
      case 'sequence':
        return one.nodes.reduceRight((next, inner) => compile(inner, next), to);
      case 'choice':
        return add({ kind: 'split', to: one.nodes.map((inner) => compile(inner, to)) });
      case 'repeat':
        return compileRepeat(one, to);
    }
  };
  const compileRepeat = ({ node: inner, min, max }: Extract<PatternNode, { kind: 'repeat' }>, to: number): number => {
    let next = to;
    if (max === Number.POSITIVE_INFINITY) {
      const loop: number[] = [to];
      next = add({ kind: 'split', to: loop });
      loop.push(compile(inner, next));
    } else {
      for (let n = min; n < max; n += 1) next = add({ kind: 'split', to: [to, compile(inner, next)] });
    }
    for (let n = 0; n < min; n += 1) next = compile(inner, next);
    return next;
  };

  const start = compile(node, 0);
  return { steps, start, classSize: classSizeOf(node), isAnchored: isAnchored(node) };
}

function sizeOf(node: PatternNode): number {
  switch (node.kind) {
    case 'character':
    case 'place':
      return 1;
    case 'sequence':
    case 'choice':
      return node.nodes.reduce((sum, inner) => sum + sizeOf(inner), 1);
    case 'repeat':
      // A part that is not there has no size, even if what is in it would be endless.
      if (node.max === 0) return 1;
      return (sizeOf(node.node) + 1) * (Number.isFinite(node.max) ? node.max : node.min + 1);
  }
}

/** A class that is repeated is kept once. */
function classSizeOf(node: PatternNode): number {
  switch (node.kind) {
    case 'character':
      return node.classSize ?? 0;
    case 'place':
      return 0;
    case 'sequence':
    case 'choice':
      return node.nodes.reduce((sum, inner) => sum + classSizeOf(inner), 0);
    case 'repeat':
      return classSizeOf(node.node);
  }
}

function isAnchored(node: PatternNode): boolean {
  switch (node.kind) {
    case 'character':
      return false;
    case 'place':
      return node.at === 'start';
    case 'sequence':
      return node.nodes[0] !== undefined && isAnchored(node.nodes[0]);
    case 'choice':
      return node.nodes.every(isAnchored);
    case 'repeat':
      return node.min > 0 && isAnchored(node.node);
  }
}
