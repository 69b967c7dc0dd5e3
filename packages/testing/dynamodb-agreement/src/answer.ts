import { type Answer, normaliseOutputs, type Plain, toPlain } from './normalise.ts';
import { type Operation, perform } from './operation.ts';
import type { Store } from './store.ts';

/** Performs the operation and returns the response in comparable form. */
export async function answer({ dynamodb }: Store, operation: Operation, run: string): Promise<Answer> {
  try {
    return { output: normaliseOutputs(operation, await perform(dynamodb, operation, run)) };
  } catch (error) {
    return { refusal: refusalOf(error) };
  }
}

/** The name, message, item and reasons of an error. */
function refusalOf(error: unknown): Plain {
  if (!(error instanceof Error)) throw error;
  const { name, message, Item, CancellationReasons } = error as Error & {
    Item?: unknown;
    CancellationReasons?: unknown;
  };
  return toPlain({ name, message, Item, CancellationReasons });
}
