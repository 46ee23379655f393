'use strict';

// Tests of the packed tarballs, which are installed and used as an application would.

const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');

const { install } = require('./install.js');
const { ENVIRONMENT, tryBuilt } = require('./server.js');

// The folder for bundles. It is next to node_modules, so that a bundle can load packages that are not part of it.
const OUT = path.join(__dirname, 'out');

const run = (program, args, more) =>
  execFileSync(program, args, {
    cwd: __dirname,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...more,
  });
const node = (...args) => run(process.execPath, args).trim();
const tool = (name, ...args) => run(path.join(__dirname, 'node_modules/.bin', name), args);
const out = (file) => path.join(OUT, file);

before(() => {
  install(__dirname);
  mkdirSync(OUT, { recursive: true });
});
after(() => rmSync(OUT, { recursive: true, force: true }));

const SENDER = 'billing-service';

test('CommonJS', () => assert.equal(node('apps/app.cjs'), SENDER));

test('ES modules, with named imports of everything', () => assert.equal(node('apps/app.mjs'), SENDER));

test("the package holds no addon, the platform's package does", () => {
  const modules = path.join(__dirname, 'node_modules');
  const addon = (folder) =>
    run('find', [path.join(modules, folder), '-name', '*.node'])
      .trim()
      .split('\n')
      .filter(Boolean);
  assert.equal(addon('sealwire').length, 0);
  assert.equal(addon('@sealwire').length, 1);
  assert.ok(existsSync(path.join(modules, 'sealwire/LICENSE-MIT')));
});

for (const [name, options] of [
  ['node16 modules', ['--module', 'node16']],
  ['nodenext modules', ['--module', 'nodenext']],
  ["a bundler's resolution", ['--module', 'esnext', '--moduleResolution', 'bundler']],
]) {
  test(`TypeScript with isolatedModules and ${name}`, () => {
    const strict = ['--strict', '--isolatedModules', '--noEmit', '--target', 'es2022', '--types', 'node'];
    tool('tsc', ...strict, ...options, '--esModuleInterop', '--skipLibCheck', 'apps/app.ts');
  });
}

test('esbuild, bundled into CommonJS', () => {
  tool(
    'esbuild',
    'apps/app.mjs',
    '--bundle',
    '--platform=node',
    `--outfile=${out('app.cjs')}`,
    '--log-level=warning',
  );
  assert.equal(node(out('app.cjs')), SENDER);
});

test('esbuild, as an external package of an ES module bundle', () => {
  const left = ['--external:sealwire', '--external:sealwire/*', '--format=esm'];
  tool(
    'esbuild',
    'apps/app.mjs',
    '--bundle',
    '--platform=node',
    ...left,
    `--outfile=${out('app.mjs')}`,
    '--log-level=warning',
  );
  assert.equal(node(out('app.mjs')), SENDER);
});

test('rollup, bundled', () => {
  const env = { ...process.env, OUT: out('rollup.mjs') };
  run(path.join(__dirname, 'node_modules/.bin/rollup'), ['-c', 'apps/rollup.config.mjs', '--silent'], {
    env,
  });
  assert.equal(node(out('rollup.mjs')), SENDER);
});

test('Vite SSR, as an external package and bundled', () => {
  const build = (folder, ...more) =>
    tool('vite', 'build', '--ssr', 'apps/app.mjs', '--outDir', out(folder), '--logLevel', 'error', ...more);
  build('vite');
  assert.equal(node(out('vite/app.mjs')), SENDER);
  build('vite-inline', '--config', 'apps/vite.inline.config.mjs');
  assert.equal(node(out('vite-inline/app.mjs')), SENDER);
});

test('a built Nitro server contains the addon', async () => {
  const folder = path.join(__dirname, 'nitro');
  const env = { ...process.env, ...ENVIRONMENT };
  run(path.join(__dirname, 'node_modules/.bin/nitropack'), ['build', folder], { env });
  await tryBuilt(path.join(folder, '.output'), '');
});

test('a bundle without the addon reports what to do', () => {
  tool(
    'esbuild',
    'apps/app.mjs',
    '--bundle',
    '--platform=node',
    `--outfile=${out('gone.cjs')}`,
    '--log-level=warning',
  );
  const away = mkdtempSync(path.join(os.tmpdir(), 'sealwire-away-'));
  try {
    renameSync(out('gone.cjs'), path.join(away, 'app.cjs'));
    const { stderr } = spawnSync(process.execPath, ['app.cjs'], { cwd: away, encoding: 'utf8' });
    assert.match(
      stderr,
      /sealwire has no addon that loads on .*keep sealwire external or set SEALWIRE_ADDON to the \.node file/,
    );
  } finally {
    rmSync(away, { recursive: true });
  }
});

for (const environment of ['node', 'jsdom']) {
  test(`Jest with the environment ${environment}`, () => {
    const config = JSON.stringify({
      rootDir: __dirname,
      testMatch: ['**/apps/*.jest.js'],
      haste: { enableSymlinks: false },
    });
    tool('jest', '--env', environment, '--config', config, '--watchman=false', '--silent');
  });
}
