'use strict';

// Tests how much memory is used for bodies that have not arrived completely.

const assert = require('node:assert/strict');
const net = require('node:net');
const { test } = require('node:test');

const { Blocks } = require('../../lib/blocks.js');
const { hmacAuth } = require('../../express.js');
const { CONFIG, signed } = require('../support/calls.js');
const { memory, send, serving } = require('../support/serve.js');

function app(config) {
  const guard = hmacAuth({ ...CONFIG, ...config });
  return (req, res) => guard(req, res, () => res.end('in'));
}

function begin(origin, { method, path, headers }, length) {
  const socket = net.connect(new URL(origin).port, '127.0.0.1');
  const lines = Object.entries({ ...headers, 'Content-Length': length });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`${method} ${path} HTTP/1.1\r\n${head}\r\n`);
  return socket;
}

for (const scheme of ['message', 'pairwise']) {
  test(`a body that stops half-way is rejected with 408 in ${scheme}`, async () => {
    const logger = memory();
    await serving(app({ bodyTimeoutMs: 50, logger }), async (origin) => {
      const socket = begin(origin, signed(scheme, { method: 'POST', body: 'whole' }), 5);
      socket.write('ha');
      const response = await new Promise((resolve) =>
        socket.once('data', (data) => resolve(data.toString())),
      );
      assert.match(response, /^HTTP\/1\.1 408 /);
      assert.match(response, /^connection: close/im);
      assert.equal(logger.entries[0].code, 'body_timeout');
      assert.equal((await send(origin, signed(scheme, {}))).status, 200);
    });
  });
}

for (const bodyTimeoutMs of [2 ** 31 - 1, 2 ** 31, 3e9, 1e300]) {
  test(`a body can arrive late if the limit is ${bodyTimeoutMs} ms`, async () => {
    await serving(app({ bodyTimeoutMs }), async (origin) => {
      const socket = begin(origin, signed('message', { method: 'POST', body: 'whole' }), 5);
      socket.write('who');
      // A timer with a delay above 2^31 - 1 would fire after one millisecond.
      await new Promise((resolve) => setTimeout(resolve, 100));
      socket.write('le');
      const response = await new Promise((resolve) =>
        socket.once('data', (data) => resolve(data.toString())),
      );
      assert.match(response, /^HTTP\/1\.1 200 /);
    });
  });
}

test('blocks use at most twice the memory of their bytes plus 64 KiB', () => {
  for (const total of [1, 1000, 1025, 70_000, 1_000_000]) {
    const blocks = new Blocks();
    let allocated = 0;
    const { allocUnsafeSlow } = Buffer;
    Buffer.allocUnsafeSlow = (size) => {
      allocated += size;
      return allocUnsafeSlow(size);
    };
    try {
      for (let at = 0; at < total; at++) blocks.push(Buffer.from([at & 0xff]));
    } finally {
      Buffer.allocUnsafeSlow = allocUnsafeSlow;
    }
    assert.ok(allocated <= 2 * total + 65_536, `${allocated} for ${total}`);
    const joined = blocks.joined();
    assert.equal(joined.length, total);
    assert.ok(joined.every((byte, at) => byte === (at & 0xff)));
  }
});

// Returns the memory used by the heap and by buffers after garbage collection, in bytes.
function memoryInUse() {
  global.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test('a body in one-byte chunks needs little more memory than its bytes', { timeout: 30_000 }, async () => {
  require('node:v8').setFlagsFromString('--expose-gc');
  global.gc ??= require('node:vm').runInNewContext('gc');
  const length = 60_000;
  await serving(app({}), async (origin) => {
    const sockets = [];
    const before = memoryInUse();
    for (let count = 0; count < 4; count++) {
      const body = 'x'.repeat(length + 1);
      const socket = begin(
        origin,
        signed('pairwise', { method: 'POST', body, path: `/${count}` }),
        length + 1,
      );
      socket.setNoDelay(true);
      sockets.push(socket);
    }
    for (let sent = 0; sent < length; sent++) {
      for (const socket of sockets) socket.write('x');
      if (sent % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    const perByte = (memoryInUse() - before) / (length * sockets.length);
    for (const socket of sockets) socket.destroy();
    // This process is also the client. A list of the received chunks would use several hundred bytes for each byte of the body.
    assert.ok(perByte < 8, `${perByte.toFixed(1)} bytes for each byte of the body`);
  });
});
