type Intersection<Parts extends readonly object[]> = Parts extends readonly [
  infer First extends object,
  ...infer Rest extends readonly object[],
]
  ? First & Intersection<Rest>
  : object;

/** Generates one object with the properties of all parts. */
export const merged = <const Parts extends readonly object[]>(...parts: Parts): Intersection<Parts> =>
  // The type of Object.assign covers up to four objects; for more it is any.
  Object.assign({}, ...parts) as Intersection<Parts>;
