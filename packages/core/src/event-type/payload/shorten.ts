/** A text for an error message. */
export const shorten = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
