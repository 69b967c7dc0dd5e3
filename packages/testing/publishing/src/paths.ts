import { join } from 'node:path';

export const root = join(import.meta.dirname, '../../../..');
export const tsc = join(root, 'node_modules/.bin/tsc');
