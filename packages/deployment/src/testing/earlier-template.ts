import { join } from 'node:path';

/**
 * The data stack of the stage `upgraded`, as the version before change events deployed it. Installations have it, so it
 * is never written again.
 */
export const earlierTemplateFile = join(import.meta.dirname, '../../fixtures/earlier-data-template.json');
