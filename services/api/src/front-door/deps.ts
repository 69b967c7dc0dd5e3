import { createLog } from '@posthorn/platform';
import type { FrontDoorApiDeps } from './front-door-api.ts';

export const loadFrontDoorDeps = (): FrontDoorApiDeps => ({ log: createLog('front-door') });
