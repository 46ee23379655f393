'use strict';

// Builds the addon for this machine, and writes the type declarations that contain names from the core crate.
//
// Usage: node scripts/build.js [FILE]
// With FILE, the script builds only the addon and writes it to this file.

const { execFileSync } = require('node:child_process');
const { copyFileSync, renameSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { builds } = require('../lib/platform.js');

const root = path.join(__dirname, '..');

function main(elsewhere) {
  const file = elsewhere ?? path.join(root, `sealwire.${build()}.node`);
  // The file is replaced with a rename, because running processes may have mapped the old file into memory.
  copyFileSync(compile(), `${file}.new`);
  renameSync(`${file}.new`, file);
  if (elsewhere !== undefined) return;
  writeFileSync(path.join(root, 'native.d.ts'), types(require('../lib/native.js').catalog()));
}

// Returns the name of the build for this machine. Node.js reports a glibc version only if it runs with glibc.
function build() {
  const [glibc, musl] = builds();
  const { glibcVersionRuntime } = process.report.getReport().header;
  return musl === undefined || glibcVersionRuntime ? glibc : musl;
}

function compile() {
  const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 };
  const command = [
    'build',
    '--release',
    '--quiet',
    '-p',
    'sealwire-node',
    '--message-format=json-render-diagnostics',
  ];
  const messages = execFileSync('cargo', command, options).trim().split('\n').map(JSON.parse);
  const built = messages.find((message) => message.target?.name === 'sealwire_node' && message.filenames);
  return built.filenames.find((name) => /\.(so|dylib|dll)$/.test(name));
}

function types(catalog) {
  const union = (names) => names.map((name) => `'${name}'`).join(' | ');
  const codes = catalog.reasons.map((reason) => reason.code);
  return `// Made by scripts/build.js from core's own lists.
/** A stable code for the reason why a request or token was rejected. */
export type RejectionCode = ${union(codes)};
/** A wire format. */
export type Scheme = ${union(catalog.schemes)};
/** The effect of a rejection. */
export type Mode = ${union(catalog.modes)};
`;
}

main(process.argv[2]);
