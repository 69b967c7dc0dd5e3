import type { Caller } from '@posthorn/secrets/tokens';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** A request as the middleware hands it on: an API Gateway event (payload format 2.0) and what was found out about it. */
export interface ApiEvent extends Omit<APIGatewayProxyEventV2, 'body'> {
  /** The text on arrival; parsed where the JSON body parser is in use. */
  body?: unknown;
  /** The body's text, base64 undone, exactly as it was sent. */
  bodyText?: string;
  caller?: Caller;
}

export type ApiAnswer = APIGatewayProxyStructuredResultV2;
