import { dirname } from 'node:path';
import type { OnResolveArgs, Plugin, PluginBuild } from 'esbuild';

/** The name of a package, not a path. */
const bare = /^[^./\\]/;
/** Marks the plugin's own question to esbuild, where a module is. */
const own = 'external-packages';

/**
 * A plugin of esbuild for development. Packages of `node_modules` are not bundled: the bundle imports each one from where
 * it is installed. Bundling takes a tenth of the time, and the functions of a process share the packages.
 */
export function createExternalPackages(): Plugin {
  // The bundles of a service import the same packages from the same files.
  const known = new Map<string, Promise<string | undefined>>();
  return {
    name: own,
    setup(build) {
      build.onResolve({ filter: bare }, async (args) => {
        if (args.pluginData === own || args.kind === 'entry-point' || args.path.startsWith('node:')) return undefined;
        const folder = args.resolveDir || dirname(args.importer);
        const key = `${folder} ${args.kind} ${args.path}`;
        const finding = known.get(key) ?? findInstalled(build, args, folder);
        known.set(key, finding);
        const path = await finding;
        // For all others, esbuild resolves the path again by itself.
        return path === undefined ? undefined : { path, external: true };
      });
    },
  };
}

/** Returns where a package is installed, or nothing if it is a package of the repository or cannot be found. */
async function findInstalled(
  build: PluginBuild,
  { path, kind, importer }: OnResolveArgs,
  resolveDir: string,
): Promise<string | undefined> {
  const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: own });
  const isInstalled = found.errors.length === 0 && !found.external && /[\\/]node_modules[\\/]/.test(found.path);
  return isInstalled ? found.path : undefined;
}
