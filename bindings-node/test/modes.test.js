'use strict';

// Tests of mode changes at run time, in code and in a file.

const assert = require('node:assert/strict');
const { mkdtempSync, renameSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { test } = require('node:test');
const { setTimeout: sleep } = require('node:timers/promises');
const prom = require('prom-client');

const { KeyRing, Modes, Verifier } = require('..');
const { hmacAuth } = require('../express.js');
const { Metrics } = require('../metrics.js');
const { load, loadModes, Reloader, reloadMetrics } = require('../secrets.js');
const { CLIENT, SECRET, plainHeaders } = require('./support/plain.js');
const { send, serving } = require('./support/serve.js');

const KEYS = () => new KeyRing({ clients: { [CLIENT]: SECRET } });

function listening() {
  const told = [];
  return {
    told,
    info: () => undefined,
    warn: (...said) => told.push(said),
    error: (said) => told.push(said),
  };
}

const modesOf = ({ mode, senders }) => ({ mode, senders });

function file(text, name = 'modes.json') {
  const path = join(mkdtempSync(join(tmpdir(), 'sealwire-')), name);
  writeFileSync(path, text);
  return path;
}

test('a running service applies changed modes', async () => {
  const logger = listening();
  const modes = new Modes({}, { logger });
  const register = new prom.Registry();
  const metrics = new Metrics({ client: prom, register });
  metrics.watch({ modes });
  const guard = hmacAuth({ keys: KEYS(), modes, metrics });
  assert.equal(guard.verifier.modes, modes);
  await serving(
    (req, res) => guard(req, res, () => res.end()),
    async (origin) => {
      const forged = () => ({ ...plainHeaders('GET', '/a') });
      const statuses = async () => [
        (await send(origin, { path: '/b' })).status,
        (await send(origin, { path: '/b', headers: forged() })).status,
      ];
      assert.deepEqual(await statuses(), [401, 401]);
      modes.replace({ mode: 'observe' });
      assert.deepEqual(await statuses(), [200, 200]);
      modes.replace({ mode: 'observe', senders: { [CLIENT]: 'enforce' } });
      assert.deepEqual(await statuses(), [200, 401]);
      modes.replace({ mode: 'off' });
      assert.deepEqual(await statuses(), [200, 200]);
      modes.replace({ senders: { [CLIENT]: 'observe' } });
      assert.deepEqual(await statuses(), [401, 200]);
      modes.replace({});
      assert.deepEqual(await statuses(), [401, 401]);
      assert.equal((await send(origin, { path: '/b', headers: plainHeaders('GET', '/b') })).status, 200);
    },
  );
  const text = await register.metrics();
  assert.match(text, /^hmac_auth_failure_total\{reason="signature_mismatch"\} 3$/m);
  assert.match(text, /^hmac_auth_observed_total\{reason="signature_mismatch"\} 2$/m);
  assert.match(text, /^hmac_auth_mode\{sender="",mode="enforce"\} 1$/m);
  assert.match(text, /^hmac_auth_mode_changes_total 5$/m);
  assert.deepEqual(
    logger.told.map(([, sentence]) => sentence),
    [
      'sealwire: modes changed: the service enforce -> observe',
      `sealwire: modes changed: ${CLIENT} as the service -> enforce`,
      `sealwire: modes changed: the service observe -> off, ${CLIENT} enforce -> as the service`,
      `sealwire: modes changed: the service off -> enforce, ${CLIENT} as the service -> observe`,
      `sealwire: modes changed: ${CLIENT} observe -> as the service`,
    ],
  );
  assert.deepEqual(logger.told[1][0], {
    event: 'modes_changed',
    mode: 'observe',
    modeBefore: 'observe',
    senders: { [CLIENT]: 'enforce' },
    sendersBefore: {},
  });
});

test('a verifier has separate modes unless shared modes are given', () => {
  const settings = { keys: KEYS(), schemes: ['client'] };
  const rules = { [CLIENT]: { mode: 'off' } };
  const verifier = new Verifier({ ...settings, mode: 'observe', senders: rules });
  assert.deepEqual(modesOf(verifier.modes), { mode: 'observe', senders: { [CLIENT]: 'off' } });
  verifier.modes.replace({ mode: 'observe', senders: { [CLIENT]: 'off' } });
  assert.equal(verifier.modes.changes, 0, 'the same again is no change');
  for (const twice of [{ mode: 'observe' }, { senders: rules }]) {
    assert.throws(() => new Verifier({ ...settings, ...twice, modes: new Modes() }), {
      code: 'SEALWIRE_CONFIG',
      message: /modes: set all modes in modes/,
    });
  }
  assert.throws(() => new Verifier({ ...settings, modes: 'observe' }), { message: /pass a Modes/ });
});

test('the environment limits modes to observe, despite a file', () => {
  const modes = new Modes({ senders: { [CLIENT]: 'off' } }, { logger: listening() });
  process.env.HMAC_AUTH_ENABLED = 'false';
  try {
    hmacAuth({ keys: KEYS(), modes });
  } finally {
    delete process.env.HMAC_AUTH_ENABLED;
  }
  assert.deepEqual(modesOf(modes), { mode: 'observe', senders: { [CLIENT]: 'off' } });
  modes.replace({ mode: 'enforce', senders: { [CLIENT]: 'enforce' } });
  assert.deepEqual(modesOf(modes), { mode: 'observe', senders: { [CLIENT]: 'observe' } });
});

test('an invalid mode is an error that contains it, and the current modes are kept', () => {
  const modes = new Modes({ mode: 'observe' });
  const cases = [
    [{ mode: 'of' }, /^mode: "of" is not one of "off", "observe", "enforce"; did you mean "off"/],
    [{ mode: false }, /^mode: pass one of "off", "observe", "enforce", not false/],
    [{ mode: 's3cret+value' }, /^mode: "<12 characters, not shown .*" is not one of/],
    [{ senders: { agent: 'no' } }, /^senders.agent: "no" is not one of/],
    [{ senders: { agent: undefined } }, /^senders.agent: pass one of .*, not nothing/],
    [{ mod: 'enforce' }, /^mod: no such setting; did you mean mode\?/],
    [{ observeOnly: 'yes' }, /observeOnly: pass true or false/],
  ];
  for (const [spec, message] of cases) {
    assert.throws(() => modes.replace(spec), { code: 'SEALWIRE_CONFIG', message });
  }
  assert.deepEqual(modesOf(modes), { mode: 'observe', senders: {} });
});

test('a file contains modes, and omitted settings are the defaults', () => {
  const given = { mode: 'observe', senders: { meals: 'off' } };
  const cases = [
    ['modes.toml', 'mode = "off"\nsenders = { agent = "enforce" }', 'off', { agent: 'enforce' }],
    ['modes.toml', '', 'observe', { meals: 'off' }],
    ['modes.json', '{"senders": {"agent": "off"}}', 'observe', { agent: 'off' }],
    ['modes.json', '{"mode": "enforce", "observeOnly": true}', 'observe', { meals: 'off' }],
    ['modes.toml', 'observeOnly = false\nsenders = { agent = "enforce" }', 'observe', { agent: 'enforce' }],
    ['modes.toml', 'observeOnly = true\nsenders = { agent = "enforce" }', 'observe', { agent: 'observe' }],
    ['.env', 'HMAC_AUTH_ENABLED=false', 'observe', { meals: 'off' }],
  ];
  for (const [name, text, mode, senders] of cases) {
    assert.deepEqual(modesOf(new Modes(loadModes(file(text, name), given))), { mode, senders });
  }
  const enforcing = { senders: { agent: 'enforce' } };
  const switched = (value) => loadModes(file(`HMAC_AUTH_ENABLED=${value}`, '.env'), enforcing);
  assert.deepEqual(modesOf(new Modes(switched('0'))), { mode: 'observe', senders: { agent: 'observe' } });
  assert.deepEqual(modesOf(new Modes(switched('on'))), { mode: 'enforce', senders: { agent: 'enforce' } });
  assert.throws(() => switched('flase'), { message: /"flase" is neither true nor false/ });
  assert.throws(() => loadModes(file('{"mod": "off"}')), { message: /mod is not one of/ });
  assert.throws(() => loadModes(file('{"senders": "off"}')), { message: /senders must be a table/ });
});

test('a changed file is reloaded, and invalid keys in it do not prevent this', async () => {
  const keys = (primary) => ({
    pairs: {
      'agent/practices': { hmacPrimaryVersion: primary, hmacSecrets: [{ version: 1, secret: LONG }] },
    },
  });
  const path = file(JSON.stringify({ mode: 'enforce', ...keys(1) }));
  const [ring, logger] = [new KeyRing(await load(path)), listening()];
  const modes = new Modes(loadModes(path), { logger });
  const settings = { path, lookEveryMs: 10, logger };
  const register = new prom.Registry();
  const reloaders = [
    new Reloader(ring, () => load(path), settings),
    new Reloader(modes, () => loadModes(path), { ...settings, signal: 'SIGHUP' }),
  ];
  for (const reloader of reloaders) reloadMetrics(reloader.start(), { client: prom, register });
  // Replaces the file atomically, as editors do.
  const replace = (text) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  const until = async (holds) => {
    while (!holds()) await sleep(5);
  };
  try {
    replace(JSON.stringify({ mode: 'observe', ...keys(7) }));
    await until(() => modes.mode === 'observe' && reloaders[0].refused > 0);
    replace(JSON.stringify({ mode: 'obey', ...keys(1) }));
    await until(() => reloaders[1].refused > 0 && reloaders[0].inOrder);
    assert.equal(modes.mode, 'observe', 'the old ones stay');
    assert.match(await register.metrics(), /^hmac_auth_mode_reload_in_order 0$/m);
    assert.match(await register.metrics(), /^hmac_auth_key_reload_in_order 1$/m);
    replace(JSON.stringify({ mode: 'enforce', ...keys(1) }));
    await until(() => modes.mode === 'enforce');
    const before = reloaders[1].reloaded;
    process.kill(process.pid, 'SIGHUP');
    await until(() => reloaders[1].reloaded > before);
  } finally {
    for (const reloader of reloaders) reloader.stop();
  }
  const errors = logger.told.filter((said) => typeof said === 'string');
  assert.ok(errors.some((said) => /^sealwire: keys NOT reloaded.*primary version 7/.test(said)));
  assert.ok(errors.some((said) => /^sealwire: modes NOT reloaded.*"obey" is not one of/.test(said)));
});

const LONG = Buffer.from('the secret of a pair, of thirty-two bytes or more').toString('base64');
