/**
 * The most members, elements and brackets of a request body beside the payload of a message. Every field that is read has
 * a limit of its own that is lower, but for the schemas of an event type: 256 KiB of them can have more in theory.
 */
export const maxBodyParts = 20_000;

/** The most objects and lists inside each other in the same part of a request body: code that recurses needs a bound. */
export const maxBodyDepth = 100;
