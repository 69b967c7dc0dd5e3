import { loadDestinationsDeps } from './deps.ts';
import { createDestinationsApi } from './destinations-api.ts';

export const handler = createDestinationsApi(loadDestinationsDeps(process.env));
