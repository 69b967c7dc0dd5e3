import * as z from 'zod/mini';

/** The configuration is invalid. The message lists every problem by variable name, and never contains a value. */
export class InvalidConfiguration extends Error {
  constructor(problems: readonly string[]) {
    super(`Wrong configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'InvalidConfiguration';
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a service's configuration from environment variables, once, at cold start. An empty variable counts as absent.
 *
 * @throws InvalidConfiguration naming every variable that is missing or wrong
 * @example
 * readConfiguration({ stage: ['POSTHORN_STAGE', text] }, process.env)
 */
export function readConfiguration<
  Shape extends Readonly<Record<string, readonly [name: string, schema: z.ZodMiniType]>>,
>(shape: Shape, environment: Environment): { readonly [Key in keyof Shape]: z.output<Shape[Key][1]> } {
  const problems: string[] = [];
  const entries = Object.entries(shape).map(([key, [name, schema]]) => {
    const parsed = z.safeParse(schema, environment[name] || undefined);
    if (!parsed.success) problems.push(`${name}: ${parsed.error.issues.map(({ message }) => message).join(', ')}`);
    return [key, parsed.data];
  });
  if (problems.length > 0) throw new InvalidConfiguration(problems);
  // Every entry was parsed by the schema that defines its type.
  return Object.fromEntries(entries) as { readonly [Key in keyof Shape]: z.output<Shape[Key][1]> };
}

/** Any text; must be set. */
export const text = z.string({ error: 'must be set' });

/** Any text; may be absent. */
export const optionalText = z.optional(z.string());

/** The address of a page, without a part behind a `#`; may be absent. */
export const optionalPage = z.optional(
  z.string().check(z.refine(isPage, { error: 'must be an http or https URL without #' })),
);

function isPage(value: string): boolean {
  const protocol = URL.parse(value)?.protocol;
  return (protocol === 'http:' || protocol === 'https:') && !value.includes('#');
}

/** A whole number of at least 1, or the default. */
export const countOr = (fallback: number) =>
  z.pipe(
    z.pipe(
      z._default(z.string(), String(fallback)),
      z.string().check(z.regex(/^[1-9]\d{0,8}$/, { error: 'must be a whole number from 1' })),
    ),
    z.transform(Number),
  );

/** A whole number of at least 1, or none: absent or 0. */
export const optionalCount = z.pipe(
  z.optional(z.string().check(z.regex(/^(0|[1-9]\d{0,8})$/, { error: 'must be a whole number, or 0 for none' }))),
  z.transform((value) => Number(value ?? 0) || undefined),
);

const splitList = (value: string): readonly string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** Comma-separated values, none when absent. */
export const list = z.pipe(z._default(z.string(), ''), z.transform(splitList));

/**
 * Comma-separated values, or the default when absent. The word `none` stands for no value, so that a default can be
 * switched off: an empty variable counts as absent.
 */
export const listOr = (fallback: string) =>
  z.pipe(
    z._default(z.string(), fallback),
    z.transform((value) => (value.trim() === 'none' ? [] : splitList(value))),
  );

/** Comma-separated ports from 1, none when absent. */
export const ports = z.pipe(
  list.check(
    z.refine((values) => values.every((value) => /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65_535), {
      error: 'must be comma-separated ports, such as 443,8443',
    }),
  ),
  z.transform((values: readonly string[]) => values.map(Number)),
);

/** The address of an HTTP proxy; may be absent. */
export const optionalProxy = z.optional(
  z.string().check(
    z.refine(isProxy, {
      error: 'must be the address of an HTTP proxy: http://host:port or http://user:password@host:port',
    }),
  ),
);

function isProxy(value: string): boolean {
  const url = URL.parse(value);
  return url?.protocol === 'http:' && url.pathname === '/' && url.search === '' && url.hash === '';
}

/** `on` or `off`, on when absent. */
export const onOrOff = z._default(z.enum(['on', 'off'], { error: "must be 'on' or 'off'" }), 'on');

/** `true` or `false`, false when absent. */
export const flag = z.pipe(
  z.pipe(z._default(z.string(), 'false'), z.enum(['true', 'false'], { error: 'must be true or false' })),
  z.transform((value) => value === 'true'),
);
