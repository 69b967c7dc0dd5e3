import { DomainError } from '@posthorn/core';

/** The refusal of a request that contradicts what is stored. */
export const conflict = (detail = 'A conflict has occurred'): DomainError => new DomainError('conflict', detail);
