import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findOldestNode } from './find-oldest-node.ts';

it('is Node.js 20', async () => {
  const { stdout } = await promisify(execFile)(findOldestNode(), ['--version']);
  expect(stdout).toMatch(/^v20\.\d+\.\d+\n$/);
});
