import type { Invoke } from '../functions/invoker.ts';
import type { LoadedFunction } from '../functions/load-functions.ts';

/** A route that a request matches, as API Gateway would choose it. */
export interface MatchedRoute {
  readonly invoke: Invoke;
  /** `POST /api/v1/app/{app_id}/msg`, or `$default`. */
  readonly routeKey: string;
  /** The values of the path's parameters, decoded. */
  readonly parameters: Readonly<Record<string, string>> | undefined;
}

/** The path must be valid percent-encoding. */
export type FindRoute = (method: string, path: string) => MatchedRoute | undefined;

interface Leaf {
  readonly routeKey: string;
  /** The names of the parameters, in the order of the path. */
  readonly names: readonly string[];
  readonly invoke: Invoke;
}

interface Node {
  readonly byText: Map<string, Node>;
  parameter?: Node;
  readonly byMethod: Map<string, Leaf>;
}

const createNode = (): Node => ({ byText: new Map(), byMethod: new Map() });

/**
 * Finds routes by the segments of their paths. A fixed segment comes before a parameter, as in API Gateway. Requests that
 * match no route go to the function with the fallback route.
 */
export function createRoutes(
  functions: readonly LoadedFunction[],
  invokeOf: (one: LoadedFunction) => Invoke,
): FindRoute {
  const root = createNode();
  let fallback: Invoke | undefined;
  for (const one of functions) {
    const invoke = invokeOf(one);
    for (const event of one.definition.events) {
      if (event.kind === 'fallback-route') fallback = invoke;
      if (event.kind === 'route') add(root, event, invoke);
    }
  }
  return (method, path) => {
    const values: string[] = [];
    const leaf = find(root, path.split('/'), { at: 1, method, values });
    if (!leaf) return fallback && { invoke: fallback, routeKey: '$default', parameters: undefined };
    const { invoke, routeKey, names } = leaf;
    if (names.length === 0) return { invoke, routeKey, parameters: undefined };
    return {
      invoke,
      routeKey,
      parameters: Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])),
    };
  };
}

function add(root: Node, { method, path }: { method: string; path: string }, invoke: Invoke): void {
  const names: string[] = [];
  let node = root;
  for (const segment of path.split('/').slice(1)) {
    const [, name] = /^\{(\w+)\}$/.exec(segment) ?? [];
    if (name !== undefined) names.push(name);
    const next = (name === undefined ? node.byText.get(segment) : node.parameter) ?? createNode();
    if (name === undefined) node.byText.set(segment, next);
    else node.parameter = next;
    node = next;
  }
  node.byMethod.set(method, { routeKey: `${method} ${path}`, names, invoke });
}

interface Search {
  readonly at: number;
  readonly method: string;
  /** The values of the parameters on the way. */
  readonly values: string[];
}

function find(node: Node, segments: readonly string[], { at, method, values }: Search): Leaf | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.byMethod.get(method);
  const fixed = node.byText.get(segment);
  const found = fixed && find(fixed, segments, { at: at + 1, method, values });
  if (found || !node.parameter) return found;
  if (segment === '') return undefined;
  values.push(segment.includes('%') ? decodeURIComponent(segment) : segment);
  const below = find(node.parameter, segments, { at: at + 1, method, values });
  if (!below) values.pop();
  return below;
}
