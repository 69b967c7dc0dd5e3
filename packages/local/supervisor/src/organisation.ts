/** The organisation of the token in the data folder. */
export const localOrganisationId = 'org_PosthornLocal00000000000000';
