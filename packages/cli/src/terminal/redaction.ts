type Environment = Readonly<Record<string, string | undefined>>;

/** Replaces tokens and secrets in what is written on stderr. */
export interface Redaction {
  /** Hides a token from now on. */
  hideToken(token: string): void;
  /** Hides a secret from now on. */
  hideSecret(secret: string): void;
  redact(text: string): string;
}

/** Shorter ones would also replace parts of usual words. No token or signing secret is shorter. */
const minLength = 8;
const minPasswordLength = 4;
const secretVariables = ['POSTHORN_SIGNING_SECRET', 'POSTHORN_SECRET'];
const proxyVariables = ['https_proxy', 'http_proxy', 'all_proxy'];

/** @param env - its tokens, signing secrets and proxy passwords are hidden from the start */
export function createRedaction(env: Environment): Redaction {
  const marks = new Map<string, string>();
  const add = (secret: string, mark: string, least = minLength): void => {
    const text = secret.trim();
    // In JSON, a quote or a backslash has another form.
    for (const form of [text, JSON.stringify(text).slice(1, -1)]) if (form.length >= least) marks.set(form, mark);
  };
  for (const name of secretVariables) for (const secret of (env[name] ?? '').split(/[\s,]+/)) add(secret, '[secret]');
  for (const name of proxyVariables)
    for (const password of passwordsOf(env[name] ?? env[name.toUpperCase()]))
      add(password, '[password]', minPasswordLength);
  add(env.POSTHORN_TOKEN ?? '', '[token]');
  return {
    hideToken: (token) => add(token, '[token]'),
    hideSecret: (secret) => add(secret, '[secret]'),
    redact: (text) =>
      [...marks]
        .toSorted(([one], [other]) => other.length - one.length)
        .reduce((safe, [secret, mark]) => safe.replaceAll(secret, mark), text),
  };
}

/** The password of a proxy as it is written and as it is meant. */
function passwordsOf(proxy = ''): readonly string[] {
  const [, written = ''] = /^(?:\w+:\/\/)?[^:@/]*:(.*)@/.exec(proxy) ?? [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}
