'use strict';

// A service: verifies, reloads its keys when their file changes or on SIGHUP, tells of it at /metrics.

const { KeyRing, ReplayTable } = require('../../../bindings-node');
const { hmacAuth } = require('../../../bindings-node/express.js');
const { Metrics } = require('../../../bindings-node/metrics.js');
const { load, Reloader, reloadMetrics, StatusFile } = require('../../../bindings-node/secrets.js');
const express = require('../../../bindings-node/node_modules/express');
const prom = require('../../../bindings-node/node_modules/prom-client');

const { KEYS, MODE: mode = 'enforce', PORT, SERVICE: service, STATUS_DIR } = process.env;

async function main() {
  const keys = new KeyRing(await load(KEYS));
  const settings = { path: KEYS, lookEveryMs: 200, signal: 'SIGHUP' };
  const reloader = new Reloader(keys, () => load(KEYS), settings).start();
  if (STATUS_DIR) new StatusFile(keys, STATUS_DIR, service).start(200);
  prom.collectDefaultMetrics();
  const metrics = new Metrics();
  const replay = ReplayTable.heap({ acceptOlder: true });
  metrics.watch({ replay, keys });
  reloadMetrics(reloader, { path: KEYS });

  const app = express();
  app.get('/health', (_req, res) => res.send('ok'));
  app.get('/metrics', async (_req, res) => res.type('text/plain').send(await prom.register.metrics()));
  app.use(hmacAuth({ service, keys, schemes: ['message', 'pairwise'], mode, replay, metrics }));
  app.use((req, res) => res.send(String(req.sealwire?.sender)));
  app.listen(Number(PORT), '127.0.0.1');
}

main();
