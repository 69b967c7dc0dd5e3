/** How many days a message is stored, unless the request or the configuration says otherwise. */
export const defaultMessageRetentionDays = 90;
