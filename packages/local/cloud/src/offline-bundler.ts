import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { build, type Plugin, stop } from 'esbuild';
import { createExternalPackages } from './external-packages.ts';
import { type ConfigSchemaHandler, skipKnownValidation } from './skip-known-validation.ts';

/** The settings of the bundler for packages that this one has too. */
interface EsbuildSettings {
  readonly outputWorkFolder?: string;
  /** The path of a module with plugins of esbuild, from the service's folder. */
  readonly plugins?: string;
  readonly define?: Readonly<Record<string, string>>;
}

/** The part of Serverless that this plugin uses. */
interface Serverless {
  readonly serviceDir: string;
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
  readonly configSchemaHandler: ConfigSchemaHandler;
  readonly processedInput: { readonly commands: readonly string[] };
  readonly service: {
    readonly configValidationMode?: string;
    readonly custom?: Record<string, unknown> & { readonly esbuild?: EsbuildSettings };
    getAllFunctions(): readonly string[];
    getFunction(functionKey: string): { readonly handler?: string };
  };
}

const extensions = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

/**
 * A Serverless plugin that bundles the functions for `serverless offline` alone, in a tenth of the time that a bundler
 * for packages needs: all functions at once, and packages of `node_modules` are imported from where they are installed.
 * The bundles are ES modules in `custom.esbuild.outputWorkFolder`. A serverless.yml that was valid is not validated
 * again. List it before serverless-offline. It is a class because Serverless calls `new`.
 */
export default class OfflineBundlerPlugin {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;

  constructor(serverless: Serverless) {
    if (serverless.processedInput.commands[0] === 'offline' && mustBeValid(serverless))
      skipKnownValidation(serverless.configSchemaHandler, () => join(outputFolder(serverless), 'valid-configuration'));
    const bundle = () => bundleFunctions(serverless);
    // `serverless offline` and `serverless offline start` have hooks of different names.
    this.hooks = { 'before:offline:start': bundle, 'before:offline:start:init': bundle };
  }
}

/** In other modes, Serverless prints warnings at each start, or nothing. */
const mustBeValid = ({ service: { configValidationMode = 'error' } }: Serverless): boolean =>
  configValidationMode === 'error';

const outputFolder = ({ service, serviceDir }: Serverless): string =>
  join(serviceDir, service.custom?.esbuild?.outputWorkFolder ?? '.esbuild', 'offline');

async function bundleFunctions(serverless: Serverless): Promise<void> {
  const { service, serviceDir, classes } = serverless;
  const outdir = outputFolder(serverless);
  const handlers = service.getAllFunctions().flatMap((key) => service.getFunction(key).handler ?? []);
  try {
    await build({
      entryPoints: Object.fromEntries(handlers.map((handler) => [moduleOf(handler), sourceOf(serviceDir, handler)])),
      outdir,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      // Packages are found as Node.js finds them. By itself, esbuild prefers builds for bundlers (`module`).
      mainFields: ['main'],
      conditions: ['node', 'import'],
      plugins: [...ownPlugins(serverless), createExternalPackages()],
      define: { ...service.custom?.esbuild?.define },
      logLevel: 'error',
    });
  } catch (error) {
    // esbuild has printed each problem with its place.
    throw new classes.Error(`The functions could not be bundled. ${firstLine(error)}`, 'BUNDLING');
  } finally {
    // Its process would keep 100 MB.
    await stop();
  }
  if (service.custom)
    service.custom['serverless-offline'] = {
      ...(service.custom['serverless-offline'] as object | undefined),
      location: relative(serviceDir, outdir),
    };
}

/** The plugins that the service's settings name. */
function ownPlugins({ service, serviceDir }: Serverless): readonly Plugin[] {
  const path = service.custom?.esbuild?.plugins;
  // The bundler for packages requires the same module, so it exports plugins.
  return path === undefined
    ? []
    : (createRequire(join(serviceDir, 'serverless.yml'))(resolve(serviceDir, path)) as Plugin[]);
}

/** `src/place-order.handler` => `src/place-order`. */
const moduleOf = (handler: string): string => handler.slice(0, handler.lastIndexOf('.'));

function sourceOf(serviceDir: string, handler: string): string {
  const path = join(serviceDir, moduleOf(handler));
  return `${path}${extensions.find((extension) => existsSync(`${path}${extension}`)) ?? '.ts'}`;
}

const firstLine = (error: unknown): string => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : '');
