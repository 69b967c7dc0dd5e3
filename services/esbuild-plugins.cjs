// Plugins of the bundler: services/esbuild.yml names this file, and `run size` uses it.
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

module.exports = [referenceFiles];
