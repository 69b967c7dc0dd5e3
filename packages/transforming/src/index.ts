export { createTransform } from './create-transform.ts';
