import { writeFile } from 'node:fs/promises';
import { jsonSchemaPath, jsonSchemaText } from './json-schema-text.ts';

await writeFile(jsonSchemaPath, jsonSchemaText());
