// Bundles the JavaScript of the Node.js package with the WebAssembly module instead of the addon, and writes the bundle to dist/.
//
// Usage: node build.mjs FILE.wasm [explain]
// With `explain`, the script writes to dist-explain/, and also builds standalone/explain.mjs.

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const lib = (name) => path.join(here, 'lib', name);

// Files of the Node.js package, and the files in lib/ that replace them.
const REPLACED = {
  './native.js': 'native.mjs',
  '../native.js': 'native.mjs',
  './replay-choice.js': 'replay-choice.mjs',
};
const UNKNOWN_OF_PROCESS = /\bprocess\.(?!env\b|emitWarning\b|versions\b)(\w+)/;
// Words that follow `native.` in the source code but are not addon functions: file name extensions, and a function that exists
// only in lib/native.mjs.
const NO_FUNCTIONS = ['js', 'mjs', 'release'];
// The Node.js modules that lib/node-modules.mjs replaces. The build fails if any other module is imported.
const NODE_MODULES = ['buffer', 'cluster', 'http', 'stream', 'timers/promises', 'util', 'worker_threads'];

const replace = (loader) => ({
  name: 'replace',
  setup({ onResolve }) {
    onResolve({ filter: /(native|replay-choice)\.js$/ }, ({ path: wanted }) => {
      const replacement = REPLACED[wanted] ?? (wanted === './lib/native.js' ? 'native.mjs' : undefined);
      return replacement && { path: lib(replacement) };
    });
    onResolve({ filter: /^node:/ }, ({ path: wanted }) =>
      NODE_MODULES.includes(wanted.slice('node:'.length)) ? { path: lib('node-modules.mjs') } : undefined,
    );
    onResolve({ filter: /^#sealwire-wasm$/ }, () => ({ path: loader, external: true }));
  },
});

// The entry points for bundlers. The conditions in package.json determine which file loads the WebAssembly module.
const CHOSEN = ['edge', 'fetch', 'h3', 'index', 'internals', 'web'];
// The entry points for runtimes without a bundler.
const STANDALONE = ['edge', 'internals'];

async function main(wasm, feature) {
  const out = path.join(here, feature === 'explain' ? 'dist-explain' : 'dist');
  const more = feature === 'explain' ? ['explain'] : [];
  rmSync(out, { recursive: true, force: true });
  await bundle(out, CHOSEN, '#sealwire-wasm');
  await bundle(path.join(out, 'standalone'), [...STANDALONE, ...more], '../wasm/bytes.mjs');
  writeLoaders(path.join(out, 'wasm'), readFileSync(wasm));
}

async function bundle(out, names, loader) {
  const { metafile } = await build({
    metafile: true,
    entryPoints: names.map((name) => lib(`${name}.mjs`)),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    inject: [lib('globals.mjs')],
    plugins: [replace(loader)],
    logLevel: 'warning',
  });
  requireNatives(Object.keys(metafile.inputs));
  for (const file of readdirSync(out)) withoutBareImports(path.join(out, file));
}

// Throws an error if the bundled JavaScript uses an addon function or a `process` property that lib/ does not implement.
function requireNatives(files) {
  const exported = readFileSync(lib('native.mjs'), 'utf8').split('\nexport {')[1];
  const has = new Set(exported.match(/\w+(?=,)/g));
  for (const file of files.filter((each) => !each.endsWith('.mjs'))) {
    const [, unknown] = readFileSync(file, 'utf8').match(UNKNOWN_OF_PROCESS) ?? [];
    if (unknown) throw new Error(`${file} uses process.${unknown}, which lib/globals.mjs lacks`);
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/\bnative\.(\w+)/g)) {
      if (has.has(name) || NO_FUNCTIONS.includes(name)) continue;
      throw new Error(`${file} uses native.${name}, which lib/native.mjs lacks`);
    }
  }
}

function writeLoaders(out, bytes) {
  mkdirSync(out);
  writeFileSync(path.join(out, 'sealwire.wasm'), bytes);
  for (const loader of ['workerd.mjs', 'edge-light.mjs']) {
    cpSync(lib(`loaders/${loader}`), path.join(out, loader));
  }
  const loader = readFileSync(lib('loaders/bytes.mjs'), 'utf8');
  const encoded = loader.replace('__SEALWIRE_WASM_BASE64__', bytes.toString('base64'));
  writeFileSync(path.join(out, 'bytes.mjs'), encoded);
}

// Removes imports without names from a file. They only set the evaluation order of modules, which does not matter here.
// Bundlers would warn about them, because package.json declares that the package has no side effects.
function withoutBareImports(file) {
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^import "\.\/[\w.-]+";\n/gm, ''));
}

await main(process.argv[2], process.argv[3]);
