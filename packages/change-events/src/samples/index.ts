export { readItem } from './read-item.ts';
export { type SampleParts, sampleChange } from './sample-change.ts';
