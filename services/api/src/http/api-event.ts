import type { Operation } from '@posthorn/contracts/api/operation';
import type { Caller } from '@posthorn/secrets/tokens';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** An API Gateway event (payload format 2.0), with the fields that the middleware adds. */
export interface ApiEvent extends Omit<APIGatewayProxyEventV2, 'body'> {
  /** Text at first; the JSON value after the JSON body parser. */
  body?: unknown;
  /** The text of the body exactly as it was sent, decoded from base64. */
  bodyText?: string;
  caller?: Caller;
  /** Finds the caller again, for a request that was held for long. It fails as the first time if the token has ended. */
  checkAgain?: () => Promise<Caller>;
  /** The operation that serves the request, once its route is found. */
  operation?: Operation;
}

export type ApiAnswer = APIGatewayProxyStructuredResultV2;
