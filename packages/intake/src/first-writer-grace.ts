/** After this time a request that has not finished is dead: functions are stopped long before. */
export const firstWriterGraceMs = 60_000;
