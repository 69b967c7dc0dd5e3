// The host's program. It is JavaScript, so that Node finds its compiled code before it loads the first TypeScript.
import { enableCompileCache } from 'node:module';

const { compileCache } = JSON.parse(process.argv[2] ?? '{}');
if (compileCache !== undefined) enableCompileCache(compileCache);
await import('./process.ts');
