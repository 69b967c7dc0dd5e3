import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHelp } from './help.ts';

const documentation = readFileSync(join(import.meta.dirname, '../../../../../docs/configuration.md'), 'utf8');
const namesIn = (text: string): readonly string[] => [...new Set(text.match(/\bPOSTHORN_[A-Z_]+/g))].toSorted();

describe('start --help', () => {
  it('lists the variables of one machine that the documentation has, and no others', () => {
    const ofOneMachine = documentation.split('\n## ')[1] ?? '';
    expect(ofOneMachine).toMatch(/^On one machine\n/);
    expect(namesIn(startHelp)).toEqual(namesIn(ofOneMachine));
  });
});
