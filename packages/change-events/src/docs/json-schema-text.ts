import { join } from 'node:path';
import { createJsonSchema } from '../file/schema.ts';

/** Where the JSON Schema of the file of sources is. */
export const jsonSchemaPath = join(import.meta.dirname, '../../../../docs/posthorn.sources.schema.json');

export const jsonSchemaText = (): string => `${JSON.stringify(createJsonSchema(), null, 2)}\n`;
