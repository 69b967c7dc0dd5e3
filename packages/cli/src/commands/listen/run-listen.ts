import { randomBytes } from 'node:crypto';
import type { Connection } from '../../connection/connection.ts';
import { readServerTime } from '../../connection/server-time.ts';
import type { Context } from '../../context.ts';
import { requireTimeBefore } from '../../input/read-options.ts';
import { noticeSleep } from '../../reconnect/notice-sleep.ts';
import { toPassing } from '../../reconnect/send-or-pass.ts';
import { createCurrent } from './endpoint/current-settings.ts';
import { type EndpointSettings, readEndpointSettings } from './endpoint/endpoint-settings.ts';
import { createEndpointRules, createPlainRules, type MessageRules } from './endpoint/message-rules.ts';
import { secretOfEndpoint } from './endpoint/secret-of-endpoint.ts';
import { createQuitting } from './keys/quitting.ts';
import { watchSession } from './keys/watch-session.ts';
import { checkListenArguments, type ListenArguments } from './listen-options.ts';
import { createListenSession, readFirstPage, withBacklog } from './listen-session.ts';
import { createListenOutput, type ListenOutput, type SecretSource } from './output/listen-output.ts';
import { lockSession } from './position/lock-session.ts';
import type { Position } from './position/position.ts';
import { openPositionFile, type PositionFile, positionFolder } from './position/position-file.ts';
import { createCountDown } from './session/count-down.ts';
import { createPause } from './session/pause.ts';
import { createSessionSecret, readSecret, secretVariable } from './signing/session-secret.ts';
import { openTarget, toShownUrl } from './target/open-target.ts';
import type { Target } from './target/send-to-target.ts';

/** Runs until it is stopped by a key or a signal, or until `--exit-after` is done. */
export async function listen(context: Context, given: ListenArguments): Promise<void> {
  checkListenArguments(given);
  const { app, endpoint, allowExternal = false, insecure = false } = given;
  const target = await openTarget(given.forwardTo, { allowExternal, insecure });
  const connection = await context.connect();
  const name = { server: connection.server, app, target: toShownUrl(target.url), endpoint };
  const file = openPositionFile(positionFolder(context.io), name);
  const unlock = lockSession(file.path);
  try {
    await forward(context, given, { connection, target, file });
  } finally {
    unlock();
  }
}

interface Ends {
  readonly connection: Connection;
  readonly target: Target;
  readonly file: PositionFile;
}

async function forward(context: Context, given: ListenArguments, { connection, target, file }: Ends): Promise<void> {
  const { io } = context;
  const { app, events, exitAfter, timeout, retry = false } = given;
  const output = createListenOutput(context, () => new Date());
  const shownTarget = toShownUrl(target.url);
  const sleep = noticeSleep();
  const [stopping, stoppingNow] = [new AbortController(), new AbortController()];
  const stop = AbortSignal.any([io.stop, stopping.signal]);
  const begin = await findPosition(connection, given, { kept: file.read(), output });
  const untilPassed = () => AbortSignal.any([sleep.signal(), stop]);
  const found = await findRules(context, connection, { given, position: begin, output, untilPassed });
  const { rules, secret, secretOf } = found;
  const source = { connection, app, eventType: events?.length === 1 ? events[0] : undefined };
  const position = await withBacklog(source, begin, io.stop);
  const first = await readFirstPage(source, position, io.stop);
  file.write(position);

  const signals = { stop, stopNow: AbortSignal.any([io.stop, stoppingNow.signal]) };
  const countDown =
    exitAfter === undefined
      ? undefined
      : createCountDown({
          ...{ messages: exitAfter, timeoutMs: timeout, stop: () => stopping.abort() },
          stopNow: () => {
            stopping.abort();
            stoppingNow.abort();
          },
        });
  const pause = createPause();
  const keepPosition = file.write;
  const parts = { ...source, target, rules, retry, output, countDown, keepPosition, pause, sleep };
  const session = createListenSession(parts, first);
  const quitting = createQuitting({ stop: () => stopping.abort(), stopNow: io.interruptNow });
  const watch = await watchSession(io, { session, signals, pause, sleep, output, ...quitting });
  output.start(
    { app, server: connection.server, target: shownTarget, secret, secretOf, positionFile: file.path },
    watch.hasKeys,
  );
  try {
    const { lastId } = await session.run(position, signals);
    // After a signal, nobody waits for this any more.
    if (!io.stop.aborted)
      output.notice('stopped', `Stopped${lastId === undefined ? '' : ` after ${lastId}`}. --resume goes on there`);
  } finally {
    watch.end();
    sleep.end();
    countDown?.end();
    await rules.end();
  }
  if (quitting.isInterrupted()) io.interrupt();
  else countDown?.check();
}

interface PositionSources {
  readonly kept: Position | undefined;
  readonly output: ListenOutput;
}

const sinkBytes = 6;

/** Where to begin: where the last session was, at a time, or behind the newest message. */
async function findPosition(
  connection: Connection,
  { app, resume, since }: ListenArguments,
  { kept, output }: PositionSources,
): Promise<Position> {
  if (resume && kept) return kept;
  if (resume) output.notice('nothing_to_resume', 'There is no place to resume at: it begins with new messages');
  return {
    sink: `posthorn-listen-${randomBytes(sinkBytes).toString('hex')}`,
    handedOver: [],
    // The target may know the one from before.
    secret: kept?.secret ?? createSessionSecret(),
    ...(since !== undefined && { since: requireTimeBefore('--since', since, await readServerTime(connection, app)) }),
  };
}

interface RulesSources {
  readonly given: ListenArguments;
  readonly position: Position;
  readonly output: ListenOutput;
  /** A signal for a read of settings that begins now. */
  readonly untilPassed: () => AbortSignal;
}

interface ChosenRules {
  readonly rules: MessageRules;
  /** The session's own, which the target has to verify with. null: the caller has the secret already. */
  readonly secret: string | null;
  readonly secretOf: SecretSource;
}

/** The secret of the environment comes first, then that of the endpoint, then that of the session. */
async function findRules(
  { io }: Context,
  connection: Connection,
  { given: { app, endpoint, events }, position, output, untilPassed }: RulesSources,
): Promise<ChosenRules> {
  const ownText = io.env[secretVariable] || undefined;
  const own = ownText === undefined ? undefined : readSecret(ownText, secretVariable);
  const filter = { eventTypes: events };
  if (endpoint === undefined) {
    const sessionSecret = position.secret ?? createSessionSecret();
    if (own !== undefined) return { rules: createPlainRules(filter, own), secret: null, secretOf: 'environment' };
    const rules = createPlainRules(filter, readSecret(sessionSecret, 'The secret of the session'));
    return { rules, secret: sessionSecret, secretOf: 'session' };
  }
  const readOver = (used: Connection) => readEndpointSettings({ connection: used, app, endpoint }, own === undefined);
  const settings = await readOver(connection);
  if (own === undefined) secretOfEndpoint(settings);
  noteDifferences(settings, output);
  const current = createCurrent(() => readOver(toPassing(connection, untilPassed())), Date.now, settings);
  const rules = createEndpointRules(current, { filter, secret: own });
  return { rules, secret: null, secretOf: own === undefined ? 'endpoint' : 'environment' };
}

/** Says how this differs from what the endpoint gets. */
function noteDifferences({ id, disabled, hiddenHeaders }: EndpointSettings, output: ListenOutput): void {
  if (disabled) output.notice('endpoint_disabled', `${id} is disabled, so Posthorn sends it nothing. This goes on`);
  if (hiddenHeaders.length > 0)
    output.notice('headers_hidden', `Not sent, because the API never shows them: ${hiddenHeaders.join(', ')}`);
}
