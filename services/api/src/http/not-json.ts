import { ValidationError } from '@posthorn/core';

/** The refusal of a body that is no JSON, or JSON that is not taken. */
export const notJson = (cause: unknown, msg = 'must be valid JSON'): ValidationError =>
  new ValidationError([{ loc: ['body'], msg, type: 'value_error.jsondecode' }], { cause });
