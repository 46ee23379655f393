'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const prom = require('prom-client');

const { KeyRing } = require('..');
const { hmacAuth } = require('../express.js');
const { Metrics } = require('../metrics.js');
const { CLIENT, SECRET, plainHeaders } = require('./support/plain.js');
const { send, serving } = require('./support/serve.js');

const KEYS = () => new KeyRing({ clients: { [CLIENT]: SECRET } });

async function scrape(register, name) {
  const { values } = await register.getSingleMetric(name).get();
  return values.filter(({ value }) => value !== 0).map(({ labels, value }) => [labels, value]);
}

test('counts accepted, rejected and observed requests', async () => {
  const register = new prom.Registry();
  const metrics = new Metrics({ client: prom, register });
  const guards = { '/enforced': hmacAuth({ keys: KEYS(), metrics }) };
  guards['/observed'] = hmacAuth({ keys: KEYS(), metrics, mode: 'observe' });
  guards['/off'] = hmacAuth({ keys: KEYS(), metrics, mode: 'off' });
  const handler = (req, res) => guards[req.url](req, res, () => res.end());
  await serving(handler, async (origin) => {
    await send(origin, { path: '/enforced', headers: plainHeaders('GET', '/enforced') });
    for (const path of Object.keys(guards)) await send(origin, { path });
  });
  assert.deepEqual(await scrape(register, 'hmac_auth_success_total'), [[{ scheme: 'client' }, 1]]);
  assert.deepEqual(await scrape(register, 'hmac_auth_failure_total'), [[{ reason: 'missing_headers' }, 1]]);
  assert.deepEqual(await scrape(register, 'hmac_auth_observed_total'), [[{ reason: 'missing_headers' }, 1]]);
  const text = await register.metrics();
  assert.match(text, /^hmac_auth_latency_seconds_count 3$/m);
  assert.match(text, /^hmac_auth_timestamp_age_seconds_count 1$/m);
  assert.match(text, /^hmac_auth_failure_total\{reason="replayed"\} 0$/m, 'every reason stands at zero');
});

test('gauges report the fill level of the table and the used keys', async () => {
  const register = new prom.Registry();
  const keys = new KeyRing({
    clients: { [CLIENT]: { primary: 2, versions: { 1: `old ${SECRET}`, 2: SECRET } } },
  });
  const { verifier } = hmacAuth({ keys, replay: require('..').ReplayTable.heap({ slots: 64 }) });
  const metrics = new Metrics({ client: prom, register });
  metrics.watch({ replay: verifier.replay, keys });
  verifier.verify({ method: 'GET', url: '/x', headers: plainHeaders('GET', '/x') });
  assert.deepEqual(await scrape(register, 'hmac_auth_replay_fill_ratio'), [[{}, 1 / 64]]);
  const used = { name: CLIENT, version: 2, primary: 'true' };
  assert.deepEqual(await scrape(register, 'hmac_auth_key_accepted'), [[used, 1]]);
  const [[labels, second]] = await scrape(register, 'hmac_auth_key_last_accepted_seconds');
  assert.deepEqual(labels, used);
  assert.ok(Math.abs(second - Date.now() / 1000) < 60);
});

test('a verifier counts decisions', () => {
  const { verifier } = hmacAuth({ keys: KEYS() });
  verifier.verify({ method: 'GET', url: '/x', headers: plainHeaders('GET', '/x') });
  assert.throws(() => verifier.verify({ method: 'GET', url: '/x' }));
  const counted = verifier.stats().filter(({ count }) => count > 0);
  assert.deepEqual(counted, [
    { outcome: 'accepted', name: 'client', count: 1 },
    { outcome: 'rejected', name: 'missing_headers', count: 1 },
  ]);
});
