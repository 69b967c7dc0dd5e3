type Intersection<Parts extends readonly object[]> = Parts extends readonly [
  infer First extends object,
  ...infer Rest extends readonly object[],
]
  ? First & Intersection<Rest>
  : object;

/** One object of all the parts' properties. */
export const merged = <const Parts extends readonly object[]>(...parts: Parts): Intersection<Parts> =>
  // Object.assign is typed for four objects; of more it says any.
  Object.assign({}, ...parts) as Intersection<Parts>;
