/** The organisation that a local system's own token speaks for. */
export const localOrganisationId = 'org_PosthornLocal00000000000000';
