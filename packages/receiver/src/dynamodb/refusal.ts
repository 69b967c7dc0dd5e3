import type { Attributes } from './update.ts';

/** What DynamoDB says when the condition of a write does not hold. */
export interface Refusal {
  readonly Item?: Attributes;
}

/** Waits for a conditional write. @returns undefined if it was done, or the refusal of its condition */
export async function refusalOf(sent: Promise<unknown>): Promise<Refusal | undefined> {
  try {
    await sent;
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return error as Refusal;
    throw error;
  }
}
