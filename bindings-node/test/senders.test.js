'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const prom = require('prom-client');

const { KeyRing } = require('..');
const { hmacAuth } = require('../express.js');
const { Metrics } = require('../metrics.js');
const { send, serving } = require('./support/serve.js');

const SECRET = Buffer.from('a secret of two services, thirty-two bytes').toString('base64');

function counted() {
  const register = new prom.Registry();
  const metrics = new Metrics({ client: prom, register });
  const requests = async () => {
    const { values } = await register.getSingleMetric('hmac_auth_sender_requests_total').get();
    return values.map(({ labels, value }) => [labels.sender, labels.verdict, labels.reason, value]);
  };
  return { metrics, requests };
}

const REFUSED = { code: 'signature_mismatch' };

test('unknown senders share one label', async () => {
  const { metrics, requests } = counted();
  for (let n = 0; n < 10_000; n += 1) metrics.rejected({ ...REFUSED, sender: `made-up-${n}` }, 0, true);
  assert.deepEqual(await requests(), [['unknown', 'rejected', 'signature_mismatch', 10_000]]);
});

test('senders with a key and verified senders have separate labels', async () => {
  const { metrics, requests } = counted();
  metrics.watch({ keys: new KeyRing({ pairs: { 'agent/practices': SECRET } }) });
  metrics.rejected({ ...REFUSED, sender: 'agent' }, 0, false);
  metrics.accepted({ scheme: 'message', ageMs: 1, sender: 'meals' }, 0);
  metrics.rejected({ ...REFUSED, sender: 'meals' }, 0, false);
  assert.deepEqual(await requests(), [
    ['agent', 'observed', 'signature_mismatch', 1],
    ['meals', 'accepted', '', 1],
    ['meals', 'observed', 'signature_mismatch', 1],
  ]);
});

test('a server adapter uses the names of its keys as labels, without a call of watch', async () => {
  const { metrics, requests } = counted();
  const keys = new KeyRing({ clients: { billing: 'a client secret of more than thirty-two bytes' } });
  const guard = hmacAuth({ keys, metrics });
  await serving(
    (req, res) => guard(req, res, () => res.end()),
    (origin) => send(origin, { headers: { 'X-Client-Id': 'billing' } }),
  );
  assert.deepEqual(await requests(), [['billing', 'rejected', 'missing_headers', 1]]);
});
