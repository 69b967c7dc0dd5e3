import { ValidationError } from '@posthorn/core';

/** The refusal of a body that is no JSON. */
export const notJson = (cause: unknown): ValidationError =>
  new ValidationError([{ loc: ['body'], msg: 'must be valid JSON', type: 'value_error.jsondecode' }], { cause });
