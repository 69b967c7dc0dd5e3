/** Returns the present time. It is an argument, so that decisions and tests do not depend on the system clock. */
export type Clock = () => Date;
