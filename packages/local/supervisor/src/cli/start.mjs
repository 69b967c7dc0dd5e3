// `start`. This file is JavaScript, so that Node finds its compiled code before it loads the first TypeScript: without
// that, the supervisor needs 40 MB more.
import { mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const cache = join(import.meta.dirname, '../../../../../node_modules/.cache/posthorn-compiled');
try {
  mkdirSync(cache, { recursive: true });
  enableCompileCache(cache);
} catch {
  // The installation is read-only. The cache only saves time and memory.
}
await import('./start.ts');
