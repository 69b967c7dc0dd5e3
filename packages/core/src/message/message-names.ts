/**
 * What the names of a message may look like, from wherever it comes. An event type, like a uid, becomes a part of paths.
 * There, HTTP clients take `.` and `..` for steps: a request for `/endpoint/..` would reach what is above the endpoints.
 */
export const eventTypeForm = { pattern: /^(?!\.{1,2}$)[a-zA-Z0-9\-_.]+$/, maxLength: 256 } as const;
export const channelForm = { pattern: /^[a-zA-Z0-9\-_.:+]+$/, maxLength: 128 } as const;
export const tagForm = { pattern: /^[\x20-\x7e]+$/, maxLength: 128 } as const;
/** The most channels, and the most tags, of a message. */
export const maxLabels = 10;

/** Whether a text is such a name. */
export const hasForm = (
  text: string,
  { pattern, maxLength }: typeof channelForm | typeof eventTypeForm | typeof tagForm,
) => text.length <= maxLength && pattern.test(text);
