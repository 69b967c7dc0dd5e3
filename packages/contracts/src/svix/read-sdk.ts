import { Svix } from 'svix';

/** The request that a method of the package makes when it gets every argument. */
export interface SdkRequest {
  readonly method: string;
  /** Its parameters are `{}`. */
  readonly path: string;
  /** The names of its query parameters. */
  readonly query: readonly string[];
  /** The names of the fields of its body. */
  readonly fields: readonly string[];
}

/**
 * Calls every method of the `svix` package, and returns the request of each by the method's name: `endpoint.list`. Nothing
 * is sent.
 */
export async function readSdk(): Promise<ReadonlyMap<string, SdkRequest>> {
  const sent: SdkRequest[] = [];
  const svix = new Svix('token', {
    serverUrl: 'https://svix.test',
    fetch: async (url, init) => {
      sent.push(toSdkRequest(new URL(String(url)), init));
      return new Response(null, { status: 204 });
    },
  });
  const requests = new Map<string, SdkRequest>();
  for (const [name, call] of methodsOf(svix)) {
    await call();
    const [request, ...others] = sent.splice(0);
    if (request === undefined || others.length > 0) throw new Error(`${name} of the package does not make one request`);
    requests.set(name, request);
  }
  return requests;
}

/** The methods of an object of the package, and of the objects that its getters return. */
function* methodsOf(target: object, prefix = ''): Iterable<readonly [string, () => Promise<unknown>]> {
  const members = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(target));
  for (const [name, { get, value }] of Object.entries(members)) {
    if (name === 'constructor') continue;
    if (get !== undefined) yield* methodsOf(get.call(target), `${prefix}${name}.`);
    else yield [`${prefix}${name}`, () => value.apply(target, everyArgument)];
  }
}

const toSdkRequest = ({ pathname, searchParams }: URL, init: RequestInit | undefined): SdkRequest => ({
  method: init?.method ?? 'GET',
  path: pathname.replaceAll(/\/argument\d+(?=\/|$)/g, '/{}'),
  query: [...searchParams.keys()],
  fields: typeof init?.body === 'string' ? Object.keys(JSON.parse(init.body)) : [],
});

/**
 * An argument that can be a parameter of a path, a body or options: it has a text, and every member. A member is a list,
 * because the package accepts lists as query parameters and as fields.
 */
const anyArgument = (position: number): object =>
  new Proxy({}, { get: (_, name) => (name === Symbol.toPrimitive ? () => `argument${position}` : ['x']) });

/** More than any method has. */
const everyArgument = [0, 1, 2, 3, 4, 5].map(anyArgument);
