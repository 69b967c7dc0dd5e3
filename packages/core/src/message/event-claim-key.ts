/** The key under which an eventId is claimed: it is unique within its application. */
export const eventClaimKey = (applicationId: string, eventId: string): string => `event#${applicationId}#${eventId}`;
