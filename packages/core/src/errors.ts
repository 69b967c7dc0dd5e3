/** Every refusal that a caller can act on. `services/api` turns each into a status and a body. */
export type DomainErrorCode =
  | 'not_found'
  | 'conflict'
  | 'event_type_exists'
  | 'payload_too_large'
  | 'missing_payload'
  | 'invalid_range'
  | 'authentication_failed'
  | 'insufficient_access';

/** A refusal that a caller can act on; anything else that is thrown is our bug or an outage. */
export class DomainError extends Error {
  readonly code: DomainErrorCode;

  constructor(code: DomainErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'DomainError';
    this.code = code;
  }
}

/** One thing that is wrong with a request, where it stands, and what to do about it. */
export interface ValidationIssue {
  readonly loc: readonly string[];
  readonly msg: string;
  readonly type: string;
}

/** A request that does not fit its schema: answered 422 with every issue. */
export class ValidationError extends Error {
  readonly issues: readonly ValidationIssue[];

  constructor(issues: readonly ValidationIssue[], options?: ErrorOptions) {
    super(issues.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; '), options);
    this.name = 'ValidationError';
    this.issues = issues;
  }
}
