import { lookup } from 'node:dns/promises';
import { CliError } from '../../../exit/cli-error.ts';
import { createLoopbackLookup, ExternalTarget, requireLoopback } from './find-addresses.ts';
import { addressInUrl } from './loopback.ts';
import type { Target } from './send-to-target.ts';

interface TargetOptions {
  readonly allowExternal: boolean;
  readonly insecure: boolean;
}

/**
 * Reads where to forward to. Unless it is allowed, the target must be this machine: a text like `2130706433` is the
 * address that it stands for, and all addresses of a name count.
 *
 * @throws CliError `usage` if it may not be forwarded to
 */
export async function openTarget(text: string, { allowExternal, insecure }: TargetOptions): Promise<Target> {
  const url = parse(text);
  if (allowExternal && insecure)
    throw new CliError('usage', '--insecure is for targets on this machine only', {
      remedy: 'Leave out --insecure, or --allow-external',
    });
  if (allowExternal) return { url, insecure };
  const address = addressInUrl(url);
  const addresses = address === undefined ? await lookUp(url.hostname) : [address];
  try {
    requireLoopback(address ?? url.hostname, addresses);
  } catch (error) {
    if (!(error instanceof ExternalTarget)) throw error;
    throw new CliError('usage', error.message, {
      code: 'external_target',
      remedy: 'Forward to this machine, or add --allow-external',
    });
  }
  return { url, insecure, lookup: createLoopbackLookup() };
}

/** The URL of a target as it may be shown and kept: without user name and password. */
export function toShownUrl(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

function parse(text: string): URL {
  // Without a scheme, `localhost:3000` would be a URL of the scheme `localhost`.
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return new URL(text);
  // The text is not repeated: it may have a password.
  throw new CliError('usage', '--forward-to is not a valid URL', {
    code: 'target_malformed',
    remedy: 'Write it as http://localhost:3000/path',
  });
}

async function lookUp(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    throw new CliError('usage', `The name ${host} cannot be resolved`, {
      code: 'target_unknown',
      remedy: 'Check the name in --forward-to',
      cause: error,
    });
  }
}
