/**
 * Serves a Lambda function as its function URL does: makes an event of each request, and a response of what the handler
 * returns. Unlike Lambda, one process handles several requests at a time.
 *
 * Arguments: the file with the `handler`, and the port.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';

type Handler = (event: APIGatewayProxyEventV2, context: Partial<Context>) => Promise<APIGatewayProxyStructuredResultV2>;

const [file = '', port = '0'] = process.argv.slice(2);
// The file is a Lambda function.
const { handler } = (await import(pathToFileURL(file).href)) as { readonly handler: Handler };

const server = createServer(async (request, response) => {
  const event = toEvent(request, await buffer(request));
  const result = await handler(event, { functionName: 'receiver', awsRequestId: event.requestContext.requestId });
  response.writeHead(result.statusCode ?? 200, result.headers as Record<string, string>).end(result.body);
});
server.listen(Number(port), '127.0.0.1', () => process.stdout.write(`Serves ${file}\n`));

/** A function URL sends the event of an HTTP API, payload version 2.0. */
function toEvent({ method = '', url = '', headers }: IncomingMessage, body: Buffer): APIGatewayProxyEventV2 {
  const { pathname, search } = new URL(url, 'http://localhost');
  const isText = String(headers['content-type']).startsWith('application/json');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    requestContext: {
      accountId: 'anonymous',
      apiId: 'receiver',
      domainName: 'receiver.lambda-url.us-east-1.on.aws',
      domainPrefix: 'receiver',
      http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1_767_225_600_000,
    },
    body: body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
}
