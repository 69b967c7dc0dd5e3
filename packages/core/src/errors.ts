/** Every refusal that a caller can act on. `services/api` turns each into a status and a body. */
export type DomainErrorCode =
  | 'not_found'
  | 'unknown_path'
  | 'conflict'
  | 'event_type_exists'
  | 'payload_too_large'
  | 'missing_payload'
  | 'invalid_range'
  | 'invalid_spec'
  | 'invalid_scheme'
  | 'limit_reached'
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

/** One error in a request: where it is, and what is wrong. */
export interface ValidationIssue {
  readonly loc: readonly string[];
  readonly msg: string;
  readonly type: string;
}

/** A request that does not match its schema. It is answered with 422 and every issue. */
export class ValidationError extends Error {
  readonly issues: readonly ValidationIssue[];

  constructor(issues: readonly ValidationIssue[], options?: ErrorOptions) {
    super(issues.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; '), options);
    this.name = 'ValidationError';
    this.issues = issues;
  }
}
