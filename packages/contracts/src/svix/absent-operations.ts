import { sdkMethods } from './sdk-methods.ts';

/** A part of the Svix API that Posthorn does not have, and is not going to have soon. */
interface AbsentPart {
  readonly name: string;
  /** Matches the paths of its operations. */
  readonly paths: RegExp;
  /** Why, and what to use instead. */
  readonly why: string;
}

export const absentParts: readonly AbsentPart[] = [
  {
    name: 'streaming',
    paths: /^\/api\/v1\/stream(\/|$)/,
    why:
      'Streams write batches of events to object stores, warehouses and message brokers. Posthorn sends messages to ' +
      'HTTP endpoints. A program behind an endpoint can write them anywhere.',
  },
  {
    name: 'the stream portal',
    paths: /^\/api\/v1\/auth\/stream/,
    why: 'It is the portal of streaming, which is absent too.',
  },
  {
    name: 'ingest',
    paths: /^\/ingest\//,
    why:
      'Ingest receives the webhooks of other companies. Posthorn sends its user’s own events. They come in as messages, ' +
      'from an outbox, or from changes in tables.',
  },
  {
    name: 'connectors',
    paths: /^\/api\/v1\/connector(\/|$)/,
    why: 'Connectors are templates that are chosen in the portal of Svix. Posthorn has no portal.',
  },
  {
    name: 'autoconfig',
    paths: /^\/api\/v1\/app\/\{app_id\}\/autoconfig(\/|$)/,
    why:
      'With it, the program of a receiver configures its own endpoint, by a token that the portal of Svix shows. ' +
      'Posthorn has no portal. A token of the application allows the same.',
  },
];

interface AbsentOperation {
  readonly method: string;
  readonly path: string;
  readonly part: AbsentPart;
}

/** Operations that the `svix` package calls, and that are answered with 501. */
export const absentOperations: readonly AbsentOperation[] = Object.values(sdkMethods).flatMap((request) => {
  const [method = '', path = ''] = request.split(' ');
  const part = absentParts.find(({ paths }) => paths.test(path));
  return part === undefined ? [] : [{ method, path, part }];
});
