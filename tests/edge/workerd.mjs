// Runs Workers in workerd, Cloudflare's runtime.

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const PROGRAM = path.join(here, 'node_modules/@cloudflare/workerd-linux-64/bin/workerd');
const KINDS = { '.mjs': 'esModule', '.wasm': 'wasm', '.json': 'json' };

// Starts a Worker. Its modules are the files in `folder`, and `main` is its entry point. `env` contains its environment
// variables. `objects` maps the name of each Durable Object binding to its class.
export function startWorker(folder, main, { port, env = {}, objects = {} }) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => path.extname(file) in KINDS);
  const modules = [main, ...files.filter((file) => file !== main)].map(
    (file) => `(name = ${quoted(file)}, ${KINDS[path.extname(file)]} = embed ${quoted(file)})`,
  );
  const bindings = Object.entries(env).map(
    ([name, value]) => `(name = ${quoted(name)}, text = ${quoted(value)})`,
  );
  for (const [name, type] of Object.entries(objects)) {
    bindings.push(`(name = ${quoted(name)}, durableObjectNamespace = ${quoted(type)})`);
  }
  const namespaces = Object.values(objects).map(
    (type) => `(className = ${quoted(type)}, uniqueKey = ${quoted(type)})`,
  );
  const config = path.join(folder, 'config.capnp');
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [${modules.join(', ')}],
      bindings = [${bindings.join(', ')}],
      compatibilityDate = "2025-05-05",
      compatibilityFlags = ["nodejs_compat"],
      durableObjectNamespaces = [${namespaces.join(', ')}],
      durableObjectStorage = (inMemory = void),
    )),
    (name = "internet", network = (allow = ["local", "private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`,
  );
  const child = spawn(PROGRAM, ['serve', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (child.log += chunk));
  return child;
}

const quoted = (text) => JSON.stringify(text);

// Bundles a Worker into `worker.mjs` and a WebAssembly module, with the same export conditions as Wrangler.
export const bundle = (file, folder) =>
  build({
    entryPoints: { worker: path.join(here, file) },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['node:*', 'cloudflare:*'],
    loader: { '.wasm': 'copy' },
    logLevel: 'warning',
  });

// Creates a temporary folder that is removed when the process ends.
export function temporaryFolder() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sealwire-edge-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
