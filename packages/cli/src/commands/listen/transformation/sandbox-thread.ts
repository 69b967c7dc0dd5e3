import { type MessagePort, parentPort } from 'node:worker_threads';
import { createTransformMessage, type TransformedMessage } from '@posthorn/delivering/transform-message';
import { createSandbox } from '@posthorn/transforming/create-sandbox';
import { runHandler } from '@posthorn/transforming/run-handler';
import { warmUp } from '@posthorn/transforming/warm-up';
import type { SandboxAnswer, SandboxRequest } from './sandbox-request.ts';

// A thread that runs the code of an endpoint's owner, in the sandbox and by the rules of deliveries. It is a file of its
// own in the published package, so that nobody else loads QuickJS.

// Node 20 does not have it.
URL.parse ??= (text, base) => (URL.canParse(text, base) ? new URL(text, base) : null);

/** Node 20 cannot tell the CPU of a thread. That of the process is never less, and the other threads only wait. */
function cpuMs(): number {
  const { threadCpuUsage } = process as Partial<Pick<NodeJS.Process, 'threadCpuUsage'>>;
  const { user, system } = threadCpuUsage === undefined ? process.cpuUsage() : threadCpuUsage();
  return (user + system) / 1_000;
}

function toAnswer(transformed: TransformedMessage): SandboxAnswer {
  if ('outgoing' in transformed) return { ...transformed.outgoing, kind: 'ready' };
  const { outcome, response } = transformed.result;
  return outcome.kind === 'canceled' ? { kind: 'canceled' } : { kind: 'failed', reason: response };
}

async function serve(port: MessagePort): Promise<void> {
  let sandbox = await createSandbox();
  warmUp({ sandbox, cpuMs: () => 0 });
  port.on('message', async ({ code, variables, message, endpoint }: SandboxRequest) => {
    let isSpent = false;
    const transformMessage = createTransformMessage({
      open: async () => JSON.stringify({ code, variables }),
      transform: async (request) => {
        const end = runHandler({ sandbox, cpuMs }, request);
        isSpent = end.isSpent;
        return end.result;
      },
    });
    const nobody = { organisationId: '', applicationId: '', endpointId: '' };
    const transformation = { sealedContent: '', enabled: true, updatedAt: new Date(0) };
    const { url, headers } = endpoint;
    const transformed = await transformMessage({ ...nobody, ...message }, { ...nobody, url, transformation }, headers);
    if (isSpent) sandbox = await createSandbox();
    port.postMessage(toAnswer(transformed));
  });
  port.postMessage('ready');
}

// A failure ends the thread, and whoever has started it gets it.
if (parentPort) void serve(parentPort);
