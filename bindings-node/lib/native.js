'use strict';

// Loads the native addon: from this package's folder, otherwise from the package for this platform.
//
// The addon is opened through `createRequire`, which bundlers do not follow: they would read it as JavaScript.
// The packages are in plain `require` calls, which file tracers follow; they export a path, so reading them is
// harmless.

const { createRequire } = require('node:module');
const path = require('node:path');
const { builds, TARGETS } = require('./platform.js');

// There is no `__filename` in an ES module bundle, so files of a bundle are searched in the working
// directory.
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
    // Reported below in one message.
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
