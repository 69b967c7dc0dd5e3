import { z } from 'zod';

const attributeOf = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) });
const lambdaFunction = z.object({
  Type: z.literal('AWS::Lambda::Function'),
  Properties: z.object({
    FunctionName: z.string(),
    Code: z.object({ S3Key: z.string() }),
  }),
});
const route = z.object({
  Type: z.literal('AWS::ApiGatewayV2::Route'),
  Properties: z.object({
    RouteKey: z.string(),
    Target: z.object({ 'Fn::Join': z.tuple([z.literal('/'), z.tuple([z.string(), z.object({ Ref: z.string() })])]) }),
  }),
});
const integration = z.object({
  Type: z.literal('AWS::ApiGatewayV2::Integration'),
  Properties: z.object({ IntegrationUri: attributeOf }),
});
const template = z.object({ Resources: z.record(z.string(), z.object({ Type: z.string() }).loose()) });

/** The parts of a deployed stack’s template that the tests use. */
export interface StackTemplate {
  /** Resource types, each once. */
  readonly types: readonly string[];
  /** Name of each function, and where its package is in the stack’s bucket. */
  readonly packages: Readonly<Record<string, string>>;
  /** Route key (`POST /api/v1/app/{app_id}/msg`) and the name of its function. */
  readonly routes: Readonly<Record<string, string>>;
}

export function readTemplate(text: string): StackTemplate {
  const { Resources } = template.parse(JSON.parse(text));
  const functions = ofType(Resources, 'AWS::Lambda::Function', lambdaFunction);
  const integrations = ofType(Resources, 'AWS::ApiGatewayV2::Integration', integration);
  const functionOf = (integrationId: string): string => {
    const [functionId = ''] = integrations[integrationId]?.Properties.IntegrationUri['Fn::GetAtt'] ?? [];
    return functions[functionId]?.Properties.FunctionName ?? fail(`no function for ${integrationId}`);
  };
  return {
    types: [...new Set(Object.values(Resources).map(({ Type }) => Type))],
    packages: Object.fromEntries(
      Object.values(functions).map(({ Properties }) => [Properties.FunctionName, Properties.Code.S3Key]),
    ),
    routes: Object.fromEntries(
      Object.values(ofType(Resources, 'AWS::ApiGatewayV2::Route', route)).map(({ Properties }) => [
        Properties.RouteKey,
        functionOf(Properties.Target['Fn::Join'][1][1].Ref),
      ]),
    ),
  };
}

const ofType = <T>(resources: Record<string, { Type: string }>, type: string, schema: z.ZodType<T>) =>
  Object.fromEntries(
    Object.entries(resources).flatMap(([id, resource]) =>
      resource.Type === type ? [[id, schema.parse(resource)]] : [],
    ),
  ) as Readonly<Record<string, T>>;

function fail(problem: string): never {
  throw new Error(problem);
}
