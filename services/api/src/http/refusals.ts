import { DomainError, ValidationError } from '@posthorn/core';

/** The refusal of a request for a thing that does not exist, or that the caller may not see. */
export const notFound = (detail = 'Entity not found'): DomainError => new DomainError('not_found', detail);

/** The refusal of a request whose path no operation has. */
export const unknownPath = (detail = 'There is nothing at this path'): DomainError =>
  new DomainError('unknown_path', detail);

/** The refusal of a request that contradicts what is stored. */
export const conflict = (detail = 'A conflict has occurred'): DomainError => new DomainError('conflict', detail);

/** The refusal of one field. */
export const invalidField = (loc: readonly string[], msg: string, type = 'value_error'): ValidationError =>
  new ValidationError([{ loc, msg, type }]);

/** The refusal of a body that is not valid JSON, or that contains JSON that is not accepted. */
export const notJson = (cause: unknown, msg = 'must be valid JSON'): ValidationError =>
  new ValidationError([{ loc: ['body'], msg, type: 'value_error.jsondecode' }], { cause });
