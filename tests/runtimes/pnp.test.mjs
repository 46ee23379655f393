// Tests the packed packages in an application that is installed with Yarn PnP.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const BINDING = path.join(HERE, '../../bindings-node');
const YARN = path.join(HERE, 'node_modules/@yarnpkg/cli-dist/bin/yarn.js');
const { version } = JSON.parse(readFileSync(path.join(BINDING, 'package.json'), 'utf8'));
const { TARGETS } = createRequire(import.meta.url)(path.join(BINDING, 'lib/platform.js'));

const folder = mkdtempSync(path.join(os.tmpdir(), 'sealwire-pnp-'));
const run = (...command) => execFileSync(process.execPath, command, { cwd: folder, encoding: 'utf8' });

// Returns the contents of package.json. All platform packages resolve to the package for this platform,
// because none of them is published.
function manifest(tarballs) {
  const addon = tarballs.find((file) => !file.includes(`/sealwire-${version}`));
  const platforms = Object.keys(TARGETS).map((build) => [`@sealwire/${build}`, `file:${addon}`]);
  const dependencies = {
    'prom-client': '15.1.3',
    sealwire: `file:${tarballs.find((file) => file !== addon)}`,
  };
  return { name: 'sealwire-pnp', private: true, dependencies, resolutions: Object.fromEntries(platforms) };
}

before(() => {
  cpSync(path.join(HERE, 'pnp'), folder, { recursive: true });
  const tarballs = run(path.join(BINDING, 'scripts/pack.js'), path.join(folder, 'tarballs'));
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest(tarballs.trim().split('\n'))));
  run(YARN, 'install');
});

after(() => rmSync(folder, { recursive: true, force: true }));

for (const [file, printed] of [
  ['app.cjs', 'served'],
  ['app.mjs', 'verified'],
]) {
  test(`Yarn PnP runs ${file}`, () => assert.match(run(YARN, 'node', file), new RegExp(`^${printed}$`, 'm')));
}
