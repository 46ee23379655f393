'use strict';

// Tests of WebSocket handshakes with a real server and client.

const assert = require('node:assert/strict');
const http = require('node:http');
const net = require('node:net');
const { test } = require('node:test');
const { WebSocket, WebSocketServer } = require('ws');

const { hmacAuth } = require('../../express.js');
const { CONFIG, SCHEMES, SIGNERS } = require('../support/calls.js');
const { memory } = require('../support/serve.js');

// Runs a server that verifies WebSocket handshakes while `use` runs. The server sends the sender's name over each connection.
async function servingSockets(config, use) {
  const guard = hmacAuth({ ...CONFIG, ...config });
  const sockets = new WebSocketServer({ noServer: true });
  const server = http.createServer();
  server.on('upgrade', async (req, socket, head) => {
    if (!(await guard.verifyUpgrade(req, socket))) return;
    sockets.handleUpgrade(req, socket, head, (connection) =>
      connection.send(req.sealwire?.sender ?? 'nobody'),
    );
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    await use(server.address().port);
  } finally {
    for (const connection of sockets.clients) connection.terminate();
    server.closeAllConnections();
    server.close();
  }
}

const handshake = (scheme, path = '/feed') => ({
  Host: 'practices.test',
  ...SIGNERS[scheme].sign({ method: 'GET', url: `http://practices.test${path}` }),
});

// Resolves to the first message, or to the status of a rejected handshake.
function connect(port, headers, path = '/feed') {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    socket.on('message', (data) => resolve(data.toString()));
    socket.on('unexpected-response', (_request, response) => {
      resolve(response);
      response.resume();
    });
    socket.on('error', reject);
  });
}

for (const scheme of SCHEMES) {
  test(`a handshake signed in ${scheme} is accepted once`, async () => {
    await servingSockets({ claimPairwise: true }, async (port) => {
      const headers = handshake(scheme);
      assert.equal(await connect(port, headers), scheme === 'client' ? 'cli' : 'agent');
      assert.equal((await connect(port, headers)).statusCode, 401);
    });
  });

  test(`a handshake signed for another path in ${scheme} is rejected`, async () => {
    await servingSockets({}, async (port) => {
      assert.equal((await connect(port, handshake(scheme, '/other'))).statusCode, 401);
    });
  });
}

test('an unsigned handshake is rejected before it is accepted, with a challenge', async () => {
  const logger = memory();
  await servingSockets({ logger }, async (port) => {
    const response = await connect(port, {});
    assert.equal(response.statusCode, 401);
    assert.equal(response.headers['www-authenticate'], 'Sealwire realm="practices"');
    assert.equal(response.headers['cache-control'], 'no-store');
  });
  const [{ method, path, peer }] = logger.entries;
  assert.deepEqual([method, path, peer], ['GET', '/feed', '127.0.0.1']);
});

test('handshakes are accepted on exempt paths and in observe mode', async () => {
  await servingSockets({ exemptPaths: ['/feed'] }, async (port) =>
    assert.equal(await connect(port, {}), 'nobody'),
  );
  await servingSockets({ mode: 'observe' }, async (port) => assert.equal(await connect(port, {}), 'nobody'));
});

test('a handshake with a body is rejected without waiting for it', async () => {
  await servingSockets({}, async (port) => {
    const socket = net.connect(port, '127.0.0.1');
    const lines = Object.entries({ ...handshake('pairwise'), 'Content-Length': '5' });
    socket.write(
      `GET /feed HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}` +
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
        `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`,
    );
    const [first] = await new Promise((resolve) => socket.once('data', (data) => resolve([data.toString()])));
    assert.match(first, /^HTTP\/1\.1 (101|401) /);
    socket.destroy();
  });
});

test('a client that resets the connection during verification does not end the process', async () => {
  const slow = { skip: () => new Promise((resolve) => setTimeout(resolve, 50, false)) };
  await servingSockets(slow, async (port) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.write('GET /feed HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.resetAndDestroy();
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal(await connect(port, handshake('message')), 'agent');
  });
});
