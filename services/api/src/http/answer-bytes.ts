/** How long an answer may get. The response of a Lambda function may have 6 MB. */
export const maxAnswerBytes = 5_000_000;

/**
 * The bytes that a part of an answer takes. A function responds with its answer as a JSON string, so each quote and
 * backslash counts twice.
 */
export const answerBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text));
