import { toCheckingHandler } from '../cold-start/checking-handler.ts';
import { createHandler } from './create-handler.ts';

export const handler = toCheckingHandler(createHandler);
