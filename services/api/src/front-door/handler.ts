import { createLog } from '@posthorn/platform';
import { createFrontDoorApi } from './front-door-api.ts';

export const handler = createFrontDoorApi({ log: createLog('front-door') });
