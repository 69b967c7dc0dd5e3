import {
  type AttemptResult,
  type Endpoint,
  type Message,
  type OpenSealed,
  type SealContext,
  type Transform,
  type TransformationContent,
  UnusableData,
  type Webhook,
} from '@posthorn/core';
import { checkEndpointHeaders, isSensitiveHeader } from '@posthorn/core/endpoint/header-rules';

/** What is sent to an endpoint, before it is signed. */
export type Outgoing = Omit<Webhook, 'eventType'>;

/** What is sent, or the result of an attempt that sends nothing. */
export type TransformedMessage = { readonly outgoing: Outgoing } | { readonly result: AttemptResult };

export interface TransformMessageDeps {
  readonly open: OpenSealed;
  readonly transform: Transform;
}

/** An attempt's record has room for it. */
const maxUrlLength = 2_048;

const canceled: AttemptResult = {
  outcome: { kind: 'canceled' },
  response: 'the transformation canceled the message',
  durationMs: 0,
};

/** What code gets of a message. */
type TransformableMessage = Pick<Message, 'organisationId' | 'applicationId' | 'eventType' | 'contentType' | 'body'>;
/** What is needed of the endpoint. */
type TransformingEndpoint = SealContext & Pick<Endpoint, 'url' | 'transformation'>;

/** Lets the code of the endpoint's owner change what is sent, if there is any. */
export const createTransformMessage =
  ({ open, transform }: TransformMessageDeps) =>
  async (
    message: TransformableMessage,
    endpoint: TransformingEndpoint,
    headers: Webhook['headers'],
  ): Promise<TransformedMessage> => {
    const outgoing = { method: 'POST', url: endpoint.url, body: message.body, headers };
    const { transformation } = endpoint;
    if (!transformation?.enabled || transformation.sealedContent === undefined) return { outgoing };
    const content = readContent(await open(transformation.sealedContent, endpoint));
    if (content === undefined) return { outgoing };
    if (!isJson(message.contentType)) return failed('the payload is not JSON, so no code can change it');
    const { organisationId, applicationId, eventType } = message;
    const { shown, toSent } = withoutCredentials(outgoing);
    const transformed = await transform({
      ...content,
      organisationId,
      applicationId,
      webhook: { ...shown, eventType },
    });
    switch (transformed.kind) {
      case 'canceled':
        return { result: canceled };
      case 'failed':
        return failed(transformed.reason);
      case 'changed': {
        const problem = problemOf(transformed);
        return problem === undefined
          ? { outgoing: toSent(transformed) }
          : failed(`the transformation failed: ${problem}`);
      }
    }
  };

/**
 * Code does not get what the API never shows: headers that are likely credentials, and those of a URL. They go where they
 * were set for, and not to another origin that code names.
 */
function withoutCredentials(outgoing: Outgoing) {
  const own = new URL(outgoing.url);
  const { origin, username, password } = own;
  [own.username, own.password] = ['', ''];
  const url = username === '' && password === '' ? outgoing.url : own.href;
  const entries = Object.entries(outgoing.headers);
  const hidden = entries.filter(([name]) => isSensitiveHeader(name));
  const shown: Outgoing = {
    ...outgoing,
    url,
    headers: Object.fromEntries(entries.filter((entry) => !hidden.includes(entry))),
  };
  const toSent = (changed: Outgoing): Outgoing => {
    const target = new URL(changed.url);
    if (target.origin !== origin) return changed;
    if (target.username === '' && target.password === '') [target.username, target.password] = [username, password];
    const given = new Set(Object.keys(changed.headers).map((name) => name.toLowerCase()));
    const added = hidden.filter(([name]) => !given.has(name.toLowerCase()));
    return {
      ...changed,
      url: changed.url === url ? outgoing.url : target.href,
      headers: { ...changed.headers, ...Object.fromEntries(added) },
    };
  };
  return { shown, toSent };
}

const failed = (response: string): TransformedMessage => ({
  result: { outcome: { kind: 'not-transformed' }, response, durationMs: 0 },
});

const isJson = (contentType: string): boolean => /^application\/(?:[\w.-]+\+)?json\b/i.test(contentType);

/** Code may give what nobody could have set as an endpoint's URL or headers. Which addresses may be called, egress knows. */
function problemOf({ url, headers }: Outgoing): string | undefined {
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return 'url must be an https: or http: URL';
  if (url.length > maxUrlLength) return `url must have at most ${maxUrlLength} characters`;
  const [issue] = checkEndpointHeaders(headers, ['headers']);
  return issue && `${issue.loc.join('.')}: ${issue.msg}`;
}

/** Undefined if there are variables and no code. */
function readContent(text: string): TransformationContent | undefined {
  // Sealed by our own code, which checks what it seals. Its text is never part of an error.
  const { code, variables } = parse(text) as {
    readonly [Name in keyof TransformationContent]?: TransformationContent[Name] | null;
  };
  if (code === null) return undefined;
  if (typeof code !== 'string' || typeof variables !== 'object' || variables === null) {
    throw new UnusableData('the sealed transformation of the endpoint is not readable');
  }
  return { code, variables };
}

function parse(text: string): object {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    // The text of the error would contain a part of the content, so it is not kept as the cause.
    return {};
  }
}
