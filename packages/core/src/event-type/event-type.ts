/** A kind of event that an organisation declares, so that endpoints can ask for it by name. */
export interface EventType {
  readonly organisationId: string;
  readonly name: string;
  readonly description: string;
  readonly archived: boolean;
  readonly deprecated: boolean;
  /** Version to JSON Schema, as given. */
  readonly schemas?: Readonly<Record<string, unknown>>;
  readonly featureFlag?: string;
  readonly groupName?: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
