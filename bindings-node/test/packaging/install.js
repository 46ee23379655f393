'use strict';

// Packs the packages, and installs the tarballs together with pinned versions of the tools that the tests use.

const { execFileSync } = require('node:child_process');
const { existsSync, mkdtempSync, rmSync, statSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const QUIET = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'];

function install(folder) {
  const npm = (...command) => execFileSync('npm', [...command, ...QUIET], { cwd: folder, stdio: 'inherit' });
  if (isStale(folder)) npm('ci');
  const out = mkdtempSync(path.join(os.tmpdir(), 'sealwire-tarballs-'));
  try {
    const pack = path.join(__dirname, '..', '..', 'scripts', 'pack.js');
    const tarballs = execFileSync(process.execPath, [pack, out], { encoding: 'utf8' }).trim().split('\n');
    // The installation works offline, because the tarballs have no required dependencies. The packages for other platforms are
    // optional.
    npm('install', '--no-save', '--offline', ...tarballs);
  } finally {
    rmSync(out, { recursive: true });
  }
}

function isStale(folder) {
  const [lock, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map((file) =>
    path.join(folder, file),
  );
  return !existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs;
}

module.exports = { install };
