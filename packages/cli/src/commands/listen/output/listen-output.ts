import type { Context } from '../../../context.ts';
import { createNotices } from '../../../terminal/notices.ts';
import { toPlainFields } from '../../../terminal/plain-text.ts';
import { createStyle, type MarkedText, type Style } from '../../../terminal/style.ts';
import { secretVariable } from '../signing/session-secret.ts';
import type { ListenEvent } from './listen-event.ts';

/** Which secret signs. */
export type SecretSource = 'session' | 'endpoint' | 'environment';

/** What a person or a program is told at the start. */
export interface ListenStart {
  readonly app: string;
  readonly server: string;
  readonly target: string;
  /** The one that was made for this session. null: another one, which is not printed. */
  readonly secret: string | null;
  readonly secretOf: SecretSource;
  readonly positionFile: string;
}

/** What `listen` prints: events on stdout, and everything else on stderr. With `--json`, each is a line of JSON. */
export interface ListenOutput {
  start(start: ListenStart, hasKeys: boolean): void;
  /** Something that happened besides. `code` is a stable word for programs. */
  notice(code: string, text: string): void;
  event(event: ListenEvent): Promise<void>;
}

/** @param clock - the time at the beginning of each line */
export function createListenOutput(
  { io, options, print, report }: Pick<Context, 'io' | 'options' | 'print' | 'report'>,
  clock: () => Date,
): ListenOutput {
  const isJson = options().json === true;
  const tell = (value: unknown, text: string) => report(isJson ? JSON.stringify(value) : text);
  const ownStyle = createStyle(io, 'stderr');
  return {
    start: (start, hasKeys) => tell({ listening: start }, startText(toPlainFields(start), hasKeys, ownStyle)),
    notice: createNotices({ io, options, report }).tell,
    event: (event) => print(event, toLine(event, clock())),
  };
}

const signedWith: Readonly<Record<SecretSource, string>> = {
  session: 'Signing with the secret of the session',
  endpoint: 'Signing with the secret of the endpoint',
  environment: `Signing with ${secretVariable}`,
};

function startText({ app, server, target, secret, secretOf }: ListenStart, hasKeys: boolean, style: Style): string {
  const lines = [
    `Listening to ${style.strong(app)} at ${server}`,
    `Forwarding to ${style.strong(target)}`,
    secret === null ? signedWith[secretOf] : `Signing secret: ${style.strong(secret)}`,
    ...(hasKeys ? [style.faint('r resend last   p pause   q quit')] : []),
  ];
  return lines.join('\n');
}

function toLine({ id, type, status, ms, error, ...more }: ListenEvent, now: Date): readonly (string | MarkedText)[] {
  const notes: readonly (string | MarkedText)[] = [
    ...(error === null || status !== null ? [] : [{ mark: 'bad', text: error } as const]),
    ...(more.canceled ? ['canceled by the transformation'] : []),
    ...(more.deliverAt ? [`endpoints get it at ${more.deliverAt}`] : []),
    ...(more.resent ? ['sent again'] : []),
    ...(more.tries ? [`${more.tries} tries`] : []),
    ...(more.url ? [`its transformation names ${more.url}`] : []),
  ];
  const time = now.toTimeString().slice(0, 8);
  const shownStatus: MarkedText = { mark: error === null ? 'good' : 'bad', text: String(status ?? '---') };
  return [{ mark: 'faint', text: time }, shownStatus, type, { mark: 'faint', text: id }, `${ms} ms`, ...notes];
}
