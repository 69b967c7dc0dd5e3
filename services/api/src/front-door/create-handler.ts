import { createLog } from '@posthorn/platform';
import { createFrontDoorApi } from './front-door-api.ts';

export const createHandler = () => createFrontDoorApi({ log: createLog('front-door') });
