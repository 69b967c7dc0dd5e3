import { openApiDocument } from '@posthorn/contracts/api/openapi';
import fc from 'fast-check';
import { createMatcher } from './create-matcher.ts';
import { knownValuesAt } from './known-values.ts';
import { readOperations } from './read-document.ts';
import { createRequestSources } from './request-sources.ts';
import { validBody } from './valid-request.ts';

const document = openApiDocument();
const sources = createRequestSources(document, { names: {}, known: knownValuesAt(new Date('2026-01-01T00:00:00Z')) });
const withBodies = readOperations(document).flatMap(({ body, ...operation }) => (body ? [{ ...operation, body }] : []));

describe('values made from a schema', () => {
  it.each(withBodies.map((operation) => [operation.operationId, operation] as const))(
    'are bodies of %s that match it',
    (_, operation) => {
      const matches = createMatcher(document);
      fc.assert(
        fc.property(validBody(operation, sources), (body) => matches(operation.body, JSON.parse(JSON.stringify(body)))),
        { seed: 20_261_127, numRuns: 20 },
      );
    },
  );

  it('are not those of another schema', () => {
    const matches = createMatcher(document);
    expect(matches({ type: 'object', required: ['a'] }, {})).toBe(false);
    expect(matches({ $ref: '#/components/schemas/ApplicationIn' }, { name: 1 })).toBe(false);
  });
});
