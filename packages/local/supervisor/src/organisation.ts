/** The organisation of the token in the data folder. */
export const localOrganisationId = 'org_PosthornLocal00000000000000';

/** The organisation of events whose source names none. */
export const ownOrganisation = (): string => process.env.POSTHORN_ORGANISATION || localOrganisationId;
