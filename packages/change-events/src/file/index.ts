export { InvalidSources, readSources, sourcesFileName } from './read-sources.ts';
export { isStreamArn } from './table-name.ts';
export { localStreamArn, tablesOf } from './tables-of.ts';
