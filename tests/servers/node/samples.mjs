// Runs the Nest sample in the README with a module that has one controller.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import plain from '../../../bindings-node/test/support/plain.js';
import ports from '../../../bindings-node/test/support/ports.js';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const PACKAGE = path.join(HERE, '../../../bindings-node');

const MODULE = `
import 'reflect-metadata';
import { Body, Controller, Module, Post, Req } from '@nestjs/common';

class Echo {
  report(req, body) {
    return { sender: req.sealwire.sender, body };
  }
}
Req()(Echo.prototype, 'report', 0);
Body()(Echo.prototype, 'report', 1);
Post()(Echo.prototype, 'report', Object.getOwnPropertyDescriptor(Echo.prototype, 'report'));
Controller('x')(Echo);
export class AppModule {}
Module({ controllers: [Echo] })(AppModule);
`;

const readme = readFileSync(path.join(PACKAGE, 'README.md'), 'utf8');
const [, sample] = /^In Nest, .*?^```js\n(.*?)^```/ms.exec(readme);
const folder = mkdtempSync(path.join(HERE, 'sample-'));
let server;
try {
  const port = await ports.freePort();
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(path.join(folder, 'app.module.js'), MODULE);
  const main = sample.replace('sealwire/express', path.join(PACKAGE, 'express.js')).replace('3000', port);
  writeFileSync(path.join(folder, 'main.js'), main);
  const env = { ...process.env, HMAC_SHARED_SECRET: plain.SECRET };
  server = spawn(process.execPath, [path.join(folder, 'main.js')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await ports.listens(port);
  const post = (headers) =>
    fetch(`http://127.0.0.1:${port}/x`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: '{"a":1}',
    });
  const response = await post(plain.plainHeaders('POST', '/x'));
  assert.deepEqual(await response.json(), { sender: plain.CLIENT, body: { a: 1 } });
  assert.equal((await post({})).status, 401);
} finally {
  server?.kill();
  rmSync(folder, { recursive: true });
}
