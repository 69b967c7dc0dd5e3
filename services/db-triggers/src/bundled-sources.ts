import type { ChangeSource } from '@posthorn/change-events';

/** The bundler replaces this name with the checked sources of the stage (`functions.cjs`). */
declare const POSTHORN_BUNDLED_SOURCES: readonly ChangeSource[] | undefined;

/** The sources in this function's bundle. An environment variable would be too small for them. */
export const bundledSources: readonly ChangeSource[] =
  typeof POSTHORN_BUNDLED_SOURCES === 'undefined' ? [] : POSTHORN_BUNDLED_SOURCES;
