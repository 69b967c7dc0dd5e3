// Plugins of the bundler: services/esbuild.yml names this file, and `run size` uses it.
const { readFile } = require('node:fs/promises');
const { pathToFileURL } = require('node:url');

/** How long to compress: for a deployment as well as possible, for development fast. */
const qualityOf = ({ minify }) => (minify ? 11 : 4);

/** Puts the files of the API reference into the bundle, because the packages that have them are not deployed. */
const referenceFiles = {
  name: 'reference-files',
  setup(build) {
    build.onLoad({ filter: /reference[\\/]packed-files\.ts$/ }, async ({ path }) => {
      const { packFiles } = await import(pathToFileURL(path).href);
      const files = await packFiles(qualityOf(build.initialOptions));
      return { loader: 'js', contents: `export const packFiles = async () => (${JSON.stringify(files)});` };
    });
  },
};

/** Clients of the AWS SDK read the version from their package.json. The rest of it is 2 KB for each client. */
const packageVersions = {
  name: 'package-versions',
  setup(build) {
    build.onLoad({ filter: /@aws-sdk[\\/]client-[\w-]+[\\/]package\.json$/ }, async ({ path }) => {
      const { name, version } = JSON.parse(await readFile(path, 'utf8'));
      return { loader: 'json', contents: JSON.stringify({ name, version }) };
    });
  },
};

/**
 * The client of DynamoDB has a cache of endpoints for a way of finding them that is off. It comes with 7 KB of typed
 * arrays, to forget the oldest one of a thousand. There is one endpoint, so a map does the same.
 */
const endpointCache = {
  name: 'endpoint-cache',
  setup(build) {
    build.onLoad({ filter: /mnemonist[\\/]lru-cache\.js$/ }, () => ({
      loader: 'js',
      contents: 'module.exports = class extends Map { constructor() { super(); } };',
    }));
  },
};

const lazyClient = /const (\{[^}]*\}) = await import\('(\.\/aws\/[\w-]+\.ts)'\);/;

/**
 * The client of Secrets Manager is loaded when it is needed: on one machine never, on AWS by each function that checks
 * tokens. Of a module that is imported so, the bundler keeps all. An ordinary import leaves out 20 KB.
 */
const secretClient = {
  name: 'secret-client',
  setup(build) {
    build.onLoad({ filter: /packages[\\/]secrets[\\/]src[\\/]tokens\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const found = lazyClient.exec(text);
      if (!found) throw new Error(`${path} does not load a client as services/esbuild-plugins.cjs expects it`);
      const [whole, names, file] = found;
      return { loader: 'ts', contents: `import ${names} from '${file}';\n${text.replace(whole, '')}` };
    });
  },
};

module.exports = [secretClient, referenceFiles, packageVersions, endpointCache];
