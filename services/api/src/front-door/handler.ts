import { loadFrontDoorDeps } from './deps.ts';
import { createFrontDoorApi } from './front-door-api.ts';

export const handler = createFrontDoorApi(loadFrontDoorDeps());
