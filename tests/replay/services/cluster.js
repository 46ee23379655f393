'use strict';

// A service that uses hmacAuth and has several workers. Environment variables select the replay store.

const cluster = require('node:cluster');
const { createRequire } = require('node:module');
const path = require('node:path');

const [port, workers] = process.argv.slice(2).map(Number);

if (cluster.isPrimary) {
  // If a worker is killed while the primary sends it a message, the worker object emits an error event.
  // Without a listener, this event would terminate the primary.
  cluster.on('fork', (worker) => worker.on('error', (error) => console.error(error.message)));
  for (let started = 0; started < workers; started += 1) cluster.fork();
  cluster.on('exit', () => cluster.fork());
} else {
  serve();
}

function serve() {
  const installed = createRequire(path.resolve(__dirname, '../../../bindings-node/package.json'));
  const express = installed('express');
  const { hmacAuth } = installed('sealwire/express');
  const { TEST_CLIENT: id, TEST_SECRET: secret, PAST = '300', FUTURE = '300' } = process.env;

  const app = express();
  app.use(
    hmacAuth({
      clients: { [id]: secret },
      pastMs: PAST * 1000,
      futureMs: FUTURE * 1000,
      replay: replay(installed, Number(PAST) + Number(FUTURE)),
    }),
  );
  app.get('/orders', (req, res) => res.json({ worker: process.pid }));
  app.listen(port, '127.0.0.1');
}

function replay(installed, windowSeconds) {
  const { REPLAY_FILE: file, REDIS_URL: url, REQUESTS_PER_SECOND: perSecond = '200' } = process.env;
  if (url) return redis(installed, url);
  if (file === undefined) return undefined; // the default replay store
  const { ReplayTable } = installed('sealwire');
  return ReplayTable.mapped(file, { requestsPerSecond: Number(perSecond), windowSeconds });
}

function redis(installed, url) {
  const { redisStore } = installed('sealwire/redis');
  const Redis = installed('ioredis');
  // Without an offline queue and retries, a claim fails immediately if Redis is not available.
  const client = new Redis(url, { commandTimeout: 1000, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  client.on('error', (error) => console.error(error.message));
  return redisStore(client);
}
