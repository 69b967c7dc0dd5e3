/** The name of a move of the clock to so many minutes from the real time. */
export const nameOfJump = (minutes: number): string => `clock: ${minutes} min`;
export const nameOfKill = (step: string): string => `kill: ${step}`;
