import type { OpenApiDocument } from '@posthorn/contracts/api/openapi';
import type { DescribedOperation, JsonSchema } from './json-schema.ts';

type Content = { readonly content?: { readonly 'application/json'?: { readonly schema: JsonSchema } } };

/** What the OpenAPI document says about an operation, as it is written. */
type Written = Pick<DescribedOperation, 'operationId' | 'parameters'> & {
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
};

/** The parts of an OpenAPI document that requests and answers depend on. */
export type DescribedApi = Pick<OpenApiDocument, 'paths' | 'components'>;

/** The operations of an OpenAPI document. */
export const readOperations = ({ paths }: DescribedApi): readonly DescribedOperation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      // The document is typed as JSON. Its own tests check that it is valid.
      const { operationId, parameters, requestBody, responses } = described as unknown as Written;
      const body = schemaOf(requestBody);
      return {
        operationId,
        method: method.toUpperCase(),
        path,
        parameters,
        ...(body && { body }),
        answers: Object.fromEntries(Object.entries(responses).map(([status, it]) => [status, schemaOf(it) ?? null])),
      };
    }),
  );

const schemaOf = (it: Content | undefined): JsonSchema | undefined => it?.content?.['application/json']?.schema;
