import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

const portionBytes = 4 * 1024 * 1024;
const newline = 10;

/**
 * Follows a file to which another process appends one JSON object a line. Each call reads only what is new, and returns
 * all objects so far. The file may not exist yet.
 */
export function createTail<Entry>(file: string): () => readonly Entry[] {
  const entries: Entry[] = [];
  const buffer = Buffer.alloc(portionBytes);
  let offset = 0;
  return () => {
    if (!existsSync(file) || statSync(file).size <= offset) return entries;
    const handle = openSync(file, 'r');
    try {
      for (;;) {
        const bytes = readSync(handle, buffer, 0, portionBytes, offset);
        // The last line may not be whole yet.
        const end = buffer.subarray(0, bytes).lastIndexOf(newline);
        if (end === -1) return entries;
        for (const line of buffer.toString('utf8', 0, end).split('\n')) entries.push(JSON.parse(line) as Entry);
        offset += end + 1;
      }
    } finally {
      closeSync(handle);
    }
  };
}
