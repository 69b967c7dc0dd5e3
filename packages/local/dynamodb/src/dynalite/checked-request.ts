/** The maximum size of an item in bytes, including attribute names. */
export const maxItemBytes = 400 * 1_024;

/**
 * A checked request. It has only known members, and its expressions are parsed (`_condition`, `_updates`, …). `_bytes` is
 * the size of its item or key, if the check measured it.
 */
export type CheckedRequest = Record<string, unknown>;
