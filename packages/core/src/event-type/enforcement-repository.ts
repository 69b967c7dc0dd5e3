/** What an organisation has decided about the enforcement of schemas. */
export interface OrganisationEnforcement {
  /** Whether messages must fit the schema of their event type, unless that says otherwise. */
  readonly enabled: boolean;
  /** Changes with everything that can change what is enforced, the schemas included. */
  readonly version: number;
}

/** What accepting a message asks of its event type. */
export interface EventTypeEnforcement {
  readonly enforced?: boolean;
  /** JSON Schemas by version, as JSON. Absent if there are none. */
  readonly schemas?: string;
}

/** What accepting a message asks. A read sees every write that returned before the read began. */
export interface EnforcementChecks {
  /** Undefined if the organisation has never used enforcement. */
  findOrganisation(organisationId: string): Promise<OrganisationEnforcement | undefined>;
  /** Undefined if there is no live event type with the name. */
  findEventType(organisationId: string, name: string): Promise<EventTypeEnforcement | undefined>;
}

/**
 * Whether schemas are enforced. Every change of it also changes the version that every process reads every few seconds
 * (`TokenChecks.findVersions`).
 */
export interface EnforcementRepository extends Pick<EnforcementChecks, 'findOrganisation'> {
  /** Switches it on or off for an organisation. */
  put(organisationId: string, enabled: boolean): Promise<void>;
  /** Notes that the enforcement of an event type was switched. */
  noteSwitch(organisationId: string): Promise<void>;
  /** Notes that an event type has changed. Does nothing for an organisation that has never used enforcement. */
  noteChange(organisationId: string): Promise<void>;
}
