import { createAttemptsApi } from './attempts-api.ts';
import { loadAttemptsDeps } from './deps.ts';

export const handler = createAttemptsApi(loadAttemptsDeps(process.env));
