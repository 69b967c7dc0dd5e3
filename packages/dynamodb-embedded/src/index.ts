export type { EmbeddedOptions, ServerOptions } from './options.ts';
