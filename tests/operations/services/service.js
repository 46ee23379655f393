'use strict';

// A service that verifies requests and exports metrics at /metrics. It reloads its keys and modes on SIGHUP
// and when the files change.

const { KeyRing, Modes, ReplayTable } = require('../../../bindings-node');
const { hmacAuth } = require('../../../bindings-node/express.js');
const { Metrics } = require('../../../bindings-node/metrics.js');
const { redisStore } = require('../../../bindings-node/redis.js');
const { load, loadModes, Reloader, reloadMetrics, StatusFile } = require('../../../bindings-node/secrets.js');
const express = require('../../../bindings-node/node_modules/express');
const { Redis } = require('../../../bindings-node/node_modules/ioredis');
const prom = require('../../../bindings-node/node_modules/prom-client');

const { KEYS, MODES, PORT, REDIS_URL, SERVICE: service, STATUS_DIR } = process.env;
const PATIENCE_MS = 500; // the maximum time for a claim

async function main() {
  const keys = new KeyRing(await load(KEYS));
  const settings = { lookEveryMs: 200, signal: 'SIGHUP' };
  const reloader = new Reloader(keys, () => load(KEYS), { ...settings, path: KEYS }).start();
  const modes = new Modes(loadModes(MODES));
  const modesReloader = new Reloader(modes, () => loadModes(MODES), { ...settings, path: MODES }).start();
  if (STATUS_DIR) new StatusFile(keys, STATUS_DIR, service).start(200);
  prom.collectDefaultMetrics();
  const metrics = new Metrics();
  const replay = REDIS_URL ? shared(metrics) : ReplayTable.heap({ acceptOlder: true });
  metrics.watch({ replay: REDIS_URL ? undefined : replay, keys, modes });
  reloadMetrics(reloader, { path: KEYS });
  reloadMetrics(modesReloader);

  const app = express();
  app.get('/health', (_req, res) => res.send('ok'));
  app.get('/metrics', async (_req, res) => res.type('text/plain').send(await prom.register.metrics()));
  app.use(hmacAuth({ service, keys, schemes: ['message', 'pairwise'], modes, replay, metrics }));
  app.use((req, res) => res.send(String(req.sealwire?.sender)));
  app.listen(Number(PORT), '127.0.0.1');
}

// Returns a replay store in Redis.
function shared(metrics) {
  const client = new Redis(REDIS_URL, { maxRetriesPerRequest: null });
  client.on('error', (error) => console.error(error.message));
  return redisStore(client, { timeoutMs: PATIENCE_MS, metrics });
}

main();
