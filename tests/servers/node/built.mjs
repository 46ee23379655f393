// The servers that need a build or another runtime: Nitro's presets, Bun.serve and Deno.serve.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import packaging from '../../../bindings-node/test/packaging/install.js';
import calls from '../../../bindings-node/test/support/calls.js';
import plain from '../../../bindings-node/test/support/plain.js';
import ports from '../../../bindings-node/test/support/ports.js';
import { gatewayEvent, overLambda, overSockets } from './hosts.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const PACKAGING = path.join(HERE, '../../../bindings-node/test/packaging');
const RUNTIMES = path.join(HERE, '../../runtimes/node_modules');
const BUN = path.join(RUNTIMES, '@oven/bun-linux-x64/bin/bun');
const DENO = path.join(RUNTIMES, '@deno/linux-x64-glibc/deno');

const ENVIRONMENT = {
  CLI_SECRET: calls.CLI_SECRET,
  CLIENT_ID: plain.CLIENT,
  PAIR: calls.PAIR,
  SHARED_SECRET: plain.SECRET,
};

let isInstalled = false;

// Builds the Nitro application and returns the path of its entry file.
function built(preset) {
  if (!isInstalled) packaging.install(PACKAGING);
  isInstalled = true;
  const folder = mkdtempSync(path.join(os.tmpdir(), `sealwire-${preset}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  execFileSync(
    path.join(PACKAGING, 'node_modules/.bin/nitropack'),
    ['build', path.join(PACKAGING, 'nitro')],
    {
      env: { ...process.env, ...ENVIRONMENT, NITRO_PRESET: preset, NITRO_OUTPUT: folder },
      cwd: PACKAGING,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  return path.join(folder, 'server/index.mjs');
}

// Starts a server process. Returns an object whose `close` method stops it.
async function running(command, more = {}) {
  const port = await ports.freePort();
  const env = { ...process.env, ...ENVIRONMENT, HOST: '127.0.0.1', PORT: String(port), ...more };
  const [program, ...args] = command;
  const server = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  await ports.listens(port);
  const ended = new Promise((resolve) => server.once('exit', resolve));
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => {
      server.kill('SIGKILL');
      return ended;
    },
  };
}

const preset = (name, command, { more, ...host } = {}) =>
  overSockets(() => running([...command, built(name)], more), undefined, host);

async function lambda() {
  Object.assign(process.env, ENVIRONMENT);
  const { handler } = await import(pathToFileURL(built('aws-lambda')));
  return handler;
}

const SERVE = path.join(HERE, 'serve.mjs');

export const BUILT = {
  'Bun.serve': overSockets(() => running([BUN, SERVE])),
  'Deno.serve': overSockets(() => running([DENO, 'run', '-A', '--no-lock', SERVE])),
  'Nitro node-server': preset('node-server', [process.execPath]),
  'Nitro node-cluster': preset('node-cluster', [process.execPath], { more: { NITRO_CLUSTER_WORKERS: '2' } }),
  'Nitro aws-lambda, v1': overLambda(lambda, gatewayEvent.one, { losesQuery: true }),
  'Nitro aws-lambda, v2': overLambda(lambda, gatewayEvent.two, { losesQuery: true }),
  'Nitro bun': preset('bun', [BUN], { readsFirst: true }),
  'Nitro deno-server': preset('deno-server', [DENO, 'run', '-A', '--no-lock'], { readsFirst: true }),
};
