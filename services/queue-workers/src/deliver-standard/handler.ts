import { toLambdaHandler } from '../lambda-handler.ts';
import { createHandler } from './create-handler.ts';

export const handler = toLambdaHandler(createHandler);
