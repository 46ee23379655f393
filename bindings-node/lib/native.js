'use strict';

// Loads the native addon from this package's folder, or from the npm package for this platform.
//
// The addon is loaded with `createRequire`. If the addon were loaded with a plain `require` call, bundlers would try to parse
// it as JavaScript and fail. The platform packages are loaded with plain `require` calls, so that file-tracing tools find them.
// Bundlers can parse these packages, because their entry point is JavaScript. It exports the path of the addon.

const { createRequire } = require('node:module');
const path = require('node:path');
const { builds, TARGETS } = require('./platform.js');

// `__filename` does not exist in an ES module bundle. A bundle of this kind looks for the addon in the working directory.
const here = typeof __filename === 'string' ? __filename : path.join(process.cwd(), 'index.js');
const open = createRequire(here);

function load() {
  const failures = [];
  for (const attempt of attempts()) {
    try {
      return open(attempt());
    } catch (error) {
      failures.push(String(error.message).split('\n')[0]);
    }
  }
  throw noAddon(failures);
}

function* attempts() {
  if (process.env.SEALWIRE_ADDON) yield () => path.resolve(process.env.SEALWIRE_ADDON);
  for (const build of builds()) {
    yield () => path.join(path.dirname(here), '..', `sealwire.${build}.node`);
    yield () => packaged(build);
    yield () => open(`@sealwire/${build}`);
  }
}

function packaged(build) {
  try {
    switch (build) {
      case 'linux-x64-gnu':
        return require('@sealwire/linux-x64-gnu');
      case 'linux-arm64-gnu':
        return require('@sealwire/linux-arm64-gnu');
      case 'linux-x64-musl':
        return require('@sealwire/linux-x64-musl');
      case 'linux-arm64-musl':
        return require('@sealwire/linux-arm64-musl');
      case 'darwin-x64':
        return require('@sealwire/darwin-x64');
      case 'darwin-arm64':
        return require('@sealwire/darwin-arm64');
      case 'win32-x64-msvc':
        return require('@sealwire/win32-x64-msvc');
    }
  } catch {
    // The error below is thrown instead.
  }
  throw new Error(`the package @sealwire/${build} is not installed`);
}

function noAddon(failures) {
  const platform = `${process.platform} on ${process.arch}`;
  const advice = builds().some((build) => build in TARGETS)
    ? 'Install with optional dependencies on, on the machine that runs it. In a bundle, keep sealwire external or set SEALWIRE_ADDON to the .node file.'
    : `There are builds for ${Object.keys(TARGETS).join(', ')}.`;
  const error = new Error(
    `sealwire has no addon that loads on ${platform}. ${advice} Tried: ${failures.join('; ')}`,
  );
  return Object.assign(error, { code: 'SEALWIRE_PLATFORM' });
}

module.exports = load();
