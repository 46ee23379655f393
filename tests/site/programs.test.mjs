// Runs the programs and the curl command that the playground creates, with a real service.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { ROOT, launch, pageOf } from './browser.mjs';

const require = createRequire(import.meta.url);
const { KeyRing } = require('../../bindings-node');
const { hmacAuth } = require('../../bindings-node/express.js');
const run = promisify(execFile);
const folder = mkdtempSync(path.join(os.tmpdir(), 'sealwire-programs-'));

let browser;
let tab;
let server;
let secret;
let service;

before(async () => {
  browser = await launch();
  ({ tab } = await pageOf(browser, 'playground/index.html'));
  secret = await tab.inputValue('#secret');
  server = createServer(async (request, response) => {
    if (await guards[request.headers['x-client-id'] ? 'client' : 'pair'].admit(request, response)) {
      response.end(`called by ${request.sealwire.sender}`);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  service = `http://127.0.0.1:${server.address().port}`;
  const keys = new KeyRing({ pairs: { 'agent/practices': secret } });
  guards.pair = hmacAuth({ service: 'practices', keys, schemes: ['message', 'pairwise'], replay: 'heap' });
  guards.client = hmacAuth({ clientId: 'cli', sharedSecret: secret, replay: 'heap' });
  // A new replay table rejects requests that were signed in its first second.
  await new Promise((resolve) => setTimeout(resolve, 1100));
});
const guards = {};
after(async () => {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true });
});

async function programOf(form, { kind, scheme, sender, method = 'POST' }) {
  await tab.selectOption('#kind', kind);
  await tab.selectOption('#scheme', scheme);
  await tab.fill('#sender', sender);
  await tab.fill('#method', method);
  await tab.fill('#url', `${service}/items?page=2`);
  await tab.fill('#body', method === 'GET' ? '' : '{"name":"tea"}');
  await tab.click('#sign');
  await tab.getByRole('tab', { name: form, exact: true }).click();
  return tab.locator('#signed').textContent();
}

const environment = () => ({ ...process.env, TEST_SECRET: secret });

function write(name, text) {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const RUNS = {
  curl: async (text) => (await run('sh', ['-c', `${text} -s -w '\\n%{http_code}'`])).stdout,
  Python: (text) => output(path.join(ROOT, '.venv/bin/python'), [write('app.py', text)]),
  Node: (text) => output(process.execPath, [write('app.mjs', text)]),
  C: async (text) => {
    const flags = (await run('pkg-config', ['--cflags', '--libs', 'libcurl'])).stdout.trim().split(/\s+/);
    const library = path.join(ROOT, 'target/release/libsealwire.a');
    const folders = [`-I${path.join(ROOT, 'include')}`, `-I${path.join(ROOT, 'ffi-c/examples')}`];
    const system = ['-lgcc_s', '-lutil', '-lrt', '-lpthread', '-lm', '-ldl'];
    const program = path.join(folder, 'app');
    await run('cc', [
      '-Wall',
      '-Werror',
      write('app.c', text),
      ...folders,
      library,
      ...flags,
      ...system,
      '-o',
      program,
    ]);
    return output(program, []);
  },
};

async function output(command, parameters) {
  return (await run(command, parameters, { cwd: folder, env: environment() })).stdout.trim();
}

const REQUESTS = [
  { kind: 'pair', scheme: 'message', sender: 'agent' },
  { kind: 'pair', scheme: 'pairwise', sender: 'agent' },
  { kind: 'client', scheme: 'client', sender: 'cli' },
  { kind: 'pair', scheme: 'message', sender: 'agent', method: 'GET' },
];

mkdirSync(path.join(folder, 'node_modules'));
symlinkSync(path.join(ROOT, 'bindings-node'), path.join(folder, 'node_modules/sealwire'));

for (const [form, execute] of Object.entries(RUNS)) {
  for (const request of REQUESTS) {
    test(`${form}: ${request.scheme} of a ${request.kind}${request.method ? `, ${request.method}` : ''}`, async () => {
      const said = await execute(await programOf(form, request));
      assert.ok(said.includes('200') && said.includes(`called by ${request.sender}`), said);
    });
  }
}
