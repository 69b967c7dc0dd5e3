/** The present, as an argument: decisions never look at the clock themselves. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
