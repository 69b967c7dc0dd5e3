import { createLambdaHost } from '../cold-start/function-host.ts';
import { createHandler } from './create-handler.ts';

export const handler = createHandler(createLambdaHost());
