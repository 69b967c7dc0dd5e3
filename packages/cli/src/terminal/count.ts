/** A number and its noun: `1 endpoint`, `2 endpoints`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
