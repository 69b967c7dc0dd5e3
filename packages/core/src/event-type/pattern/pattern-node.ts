/** Whether a character, as its code point, is one of those that a part of a pattern describes. */
export type CharacterTest = (code: number) => boolean;

/** A part of a regular expression. Which of several matches is found does not matter, so nothing is greedy or lazy. */
export type PatternNode =
  | {
      readonly kind: 'character';
      readonly test: CharacterTest;
      /** Set for a class: what it takes to keep it ready to use, in the size of a step. */
      readonly classSize?: number;
    }
  | { readonly kind: 'sequence'; readonly nodes: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly nodes: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly node: PatternNode; readonly min: number; readonly max: number }
  | { readonly kind: 'place'; readonly at: 'start' | 'end' | 'boundary' | 'no-boundary' };

/** A regular expression that cannot be matched in a time that grows with the text only, with the reason. */
export class UnmatchablePattern extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'UnmatchablePattern';
  }
}
