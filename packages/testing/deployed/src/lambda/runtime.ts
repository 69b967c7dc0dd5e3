/**
 * The child process that stands for a Lambda instance: it loads a package’s handler and answers one event at a time.
 *
 * Arguments: the handler (`src/deliver/handler.handler`), and the milliseconds by which its clock is ahead.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [handler = '', aheadMs = '0'] = process.argv.slice(2);
setClock(Number(aheadMs));

const load = createRequire(join(process.cwd(), 'package.json'));
const at = handler.lastIndexOf('.');
const handle: (event: unknown, context: object) => Promise<unknown> = load(
  join(process.cwd(), `${handler.slice(0, at)}.cjs`),
)[handler.slice(at + 1)];

process.on('message', ({ id, event, timeoutMs }: { id: number; event: unknown; timeoutMs: number }) => {
  const endsAt = performance.now() + timeoutMs;
  const context = {
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: `request-${id}`,
    invokedFunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${process.env.AWS_LAMBDA_FUNCTION_NAME}`,
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
  };
  handle(event, context).then(
    (result) => process.send?.({ id, result }),
    (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.stack : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });

/** Moves the clock ahead, so that a test need not wait for something that is due later. */
function setClock(ahead: number): void {
  if (ahead === 0) return;
  const Now = Date;
  globalThis.Date = new Proxy(Now, {
    construct: (_, args) => (args.length === 0 ? new Now(Now.now() + ahead) : Reflect.construct(Now, args)),
    get: (target, property) => (property === 'now' ? () => Now.now() + ahead : Reflect.get(target, property)),
  });
}
