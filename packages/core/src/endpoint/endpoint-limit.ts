/** How many endpoints an application may have by default. Fan-out reads all of them for each message. */
export const defaultMaxEndpoints = 500;
