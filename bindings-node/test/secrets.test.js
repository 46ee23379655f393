'use strict';

const assert = require('node:assert/strict');
const { mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { test } = require('node:test');
const { setTimeout: sleep } = require('node:timers/promises');
const prom = require('prom-client');

const { KeyRing } = require('..');
const { env, load, loadDotenv, loadModes, Reloader, reloadMetrics, StatusFile } = require('../secrets.js');

const SECRET = (letter) => Buffer.from(`${letter} secret of thirty-two bytes or more`).toString('base64');
const ENTRY = (primary, ...versions) =>
  [
    `[pairs."agent/practices"]`,
    `hmacPrimaryVersion = ${primary}`,
    ...versions.map(
      (number) =>
        `[[pairs."agent/practices".hmacSecrets]]\nversion = ${number}\nsecret = "${SECRET(number)}"`,
    ),
  ].join('\n');

function file(text, name = 'keys.toml') {
  const path = join(mkdtempSync(join(tmpdir(), 'sealwire-')), name);
  writeFileSync(path, text);
  return path;
}

const versionsOf = (ring) =>
  ring.status().map(({ version, primary }) => (primary ? `${version}*` : `${version}`));
const ringOf = async (text, options) => new KeyRing(await load(file(text), options));
const quiet = { info: () => undefined, error: () => undefined };

test('reads the format of the gateways, with literal secrets and references', async () => {
  const text = `${ENTRY(2, 1, 2)}
[issuer]
hmacPrimaryVersion = 1
hmacSecrets = [{ version = 1, secret = { env = "ISSUER" } }]
[clients.billing]
hmacPrimaryVersion = 1
hmacSecrets = [{ version = 1, secret = { env = "BILLING" } }]`;
  const sources = [env({ ISSUER: SECRET('i'), BILLING: SECRET('b') })];
  const ring = await ringOf(text, { sources });
  assert.deepEqual(
    ring.status().map(({ name, version, primary }) => [name, version, primary]),
    [
      ['agent/practices', 1, false],
      ['agent/practices', 2, true],
      ['billing', 1, true],
      ['issuer', 1, true],
    ],
  );
});

test('reads the table of a larger configuration as the keys of the issuer', async () => {
  const text = ENTRY(1, 1).replaceAll('pairs."agent/practices"', 'core.accountLifeCycle');
  const ring = await ringOf(`other = 1\n${text}`, { table: 'core.accountLifeCycle' });
  assert.deepEqual(versionsOf(ring), ['1*']);
  assert.equal(ring.status()[0].name, 'issuer');
});

test('an error about the versions contains the entry and the broken rule', async () => {
  const cases = [
    [ENTRY(1).concat('\nhmacSecrets = []'), /agent\/practices: the key set is empty/],
    [ENTRY(1, 1, 1), /agent\/practices: version 1 is given twice/],
    [ENTRY(3, 1, 2), /agent\/practices: the primary version 3 is not among the versions/],
  ];
  for (const [text, message] of cases) await assert.rejects(ringOf(text), { code: 'SEALWIRE_KEYS', message });
});

test('a missing or invalid entry causes an error that contains the entry, but no secret', async () => {
  const head = '[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [';
  const cases = [
    [
      `${head}{ version = 1, secret = { env = "NOBODY_SET_THIS" } }]`,
      /issuer version 1: .*NOBODY_SET_THIS is not set/,
    ],
    [`${head}{ version = 1, secret = { keychain = "x" } }]`, /issuer version 1: no source reads keychain/],
    [
      `${head}{ version = 1, secret = { env = "s3cret+value" } }]`,
      /<12 characters, not shown .*> is not set/,
    ],
    [
      `${head}{ version = 1, secret = { "s3cret+value" = "x" } }]`,
      /no source reads <12 characters, not shown/,
    ],
    [`${head}{ version = 1 }]`, /issuer version 1: the secret is missing/],
    [`${head}{ secret = "s3cret" }]`, /issuer: each of hmacSecrets needs a version/],
    ['[issuer]\nhmacSecrets = []', /issuer: hmacPrimaryVersion/],
    ['[client.x]', /client is not one of pairs, clients, issuer/],
    ['', /contains no keys/],
    ['secret = "s3cret', /cannot be read as toml; see line 1/],
  ];
  for (const [text, message] of cases) {
    await assert.rejects(ringOf(text), (error) => {
      assert.equal(error.code, 'SEALWIRE_KEYS');
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /s3cret/);
      return true;
    });
  }
  await assert.rejects(load('/nowhere/keys.toml'), { message: /cannot be opened: No such file/ });
});

test('reads a .env file', () => {
  const path = file(`HMAC_SECRET_AGENT_PRACTICES=${SECRET(1)} # a comment\nOTHER="x"\n`, '.env');
  assert.deepEqual(versionsOf(new KeyRing(loadDotenv(path, 'practices'))), ['1*']);
});

test('a path without a file is an error, and a reloader that nothing starts causes a warning', async () => {
  const path = file(ENTRY(1, 1));
  const make = (options) => new Reloader(new KeyRing({}), () => ({}), { logger: quiet, ...options });
  assert.throws(() => make({ path: [path, '/nowhere/kyes.toml'] }), {
    code: 'SEALWIRE_CONFIG',
    message: /^path: \/nowhere\/kyes\.toml does not exist/,
  });
  const warnings = [];
  const listen = ({ message }) => message.includes('Reloader') && warnings.push(message);
  process.on('warning', listen);
  for (const options of [{}, { path }, { everyMs: 100_000 }, { signal: 'SIGHUP' }])
    make(options).start().stop();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', listen);
  assert.deepEqual(warnings, ['the Reloader of the keys has no path, no interval and no signal']);
});

test('reloads a changed file, rejects an invalid file, and counts both', async () => {
  const path = file(ENTRY(1, 1));
  const ring = new KeyRing(await load(path));
  const told = [];
  const logger = { info: () => undefined, error: (message) => told.push(message) };
  const reloader = new Reloader(ring, () => load(path), { path, lookEveryMs: 10, logger }).start();
  const register = new prom.Registry();
  reloadMetrics(reloader, { path, client: prom, register });
  const change = async (text, until) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
    while (!until()) await sleep(5);
  };
  try {
    await change(ENTRY(1, 1, 2), () => reloader.reloaded === 1);
    assert.deepEqual(versionsOf(ring), ['1*', '2']);
    await change(ENTRY(3, 1), () => reloader.refused === 1);
    assert.deepEqual(versionsOf(ring), ['1*', '2'], 'the old ring stays');
    assert.match(told[0], /NOT reloaded.*primary version 3/);
    assert.match(await register.metrics(), /hmac_auth_key_reload_in_order 0/);
    await change(ENTRY(2, 1, 2), () => reloader.reloaded === 2);
    assert.deepEqual(versionsOf(ring), ['1', '2*']);
    assert.match(await register.metrics(), /hmac_auth_key_reload_total\{result="refused"\} 1/);
  } finally {
    reloader.stop();
  }
});

test('loads a file that changes between the load and the reloader', async () => {
  const path = file(ENTRY(1, 1));
  const ring = new KeyRing(await load(path));
  writeFileSync(`${path}.new`, ENTRY(2, 1, 2));
  renameSync(`${path}.new`, path);
  const logger = { info: () => undefined, error: () => undefined };
  const reloader = new Reloader(ring, () => load(path), { path, lookEveryMs: 10, logger }).start();
  try {
    for (let tries = 0; versionsOf(ring).length < 2 && tries < 400; tries += 1) await sleep(5);
    assert.deepEqual(versionsOf(ring), ['1', '2*']);
    assert.equal(reloader.reloaded, 0);
  } finally {
    reloader.stop();
  }
});

test('reloads on a signal and on a timer', async () => {
  const ring = new KeyRing(await load(file(ENTRY(1, 1))));
  const second = await load(file(ENTRY(2, 1, 2)));
  for (const options of [{ signal: 'SIGHUP' }, { everyMs: 10 }]) {
    const reloader = new Reloader(ring, () => second, { ...options, logger: quiet }).start();
    if (options.signal) process.kill(process.pid, 'SIGHUP');
    while (reloader.reloaded === 0) await sleep(5);
    reloader.stop();
    assert.deepEqual(versionsOf(ring), ['1', '2*']);
  }
});

test('reports the retirement dates of versions', async () => {
  const text = '[issuer]\nhmacPrimaryVersion = 1\n';
  const path = file(`${text}hmacSecrets = [{ version = 1, secret = "x", retireAfter = 2030-01-31 }]`);
  const register = new prom.Registry();
  const reloader = new Reloader(new KeyRing({}), () => ({}), { logger: quiet });
  reloadMetrics(reloader, { path, client: prom, register });
  const end = Date.UTC(2030, 1, 1) / 1000;
  const line = `hmac_auth_key_retire_after_seconds{name="issuer",version="1"} ${end}`;
  assert.ok((await register.metrics()).includes(line));
});

test('a service loads only its pairs, and its keys stay in native memory', async () => {
  const other = ENTRY(1, 1).replaceAll('agent/practices', 'meals/journal');
  const path = file(`${ENTRY(1, 1)}\n${other}`);
  const keys = await load(path, { service: 'practices' });
  assert.deepEqual(Object.keys(keys), []);
  const [one, two] = [new KeyRing(keys), new KeyRing(keys)];
  assert.deepEqual(
    one.status().map(({ name }) => name),
    ['agent/practices'],
  );
  one.replace(await load(path));
  assert.deepEqual([one.status().length, two.status().length], [2, 1]);
  await assert.rejects(load(path, { service: 'praktices' }), {
    message: /no pair contains the service praktices/,
  });
  await assert.rejects(load(path, { servce: 'practices' }), { code: 'SEALWIRE_CONFIG', message: /servce/ });
});

test('a text secret with invisible characters is rejected, unless it is given as bytes or raw', async () => {
  const text = 'a secret of thirty-two bytes, or so';
  for (const [secret, words] of [
    [`${text}\n`, /ends in a line break/],
    [`"${text}"`, /has quotes around it/],
    [` ${text}`, /white space/],
    [`\ufeff${text}`, /byte order mark/],
  ]) {
    assert.throws(
      () => new KeyRing({ clients: { billing: secret } }),
      (error) => {
        assert.equal(error.code, 'SEALWIRE_KEYS');
        assert.match(error.message, words);
        assert.doesNotMatch(error.message, /thirty/);
        return true;
      },
    );
    new KeyRing({ clients: { billing: Buffer.from(secret) } });
    const sources = [env({ SECRET: secret })];
    const entry = (raw) =>
      `[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { env = "SECRET" }${raw} }]`;
    await assert.rejects(ringOf(entry(''), { sources }), { code: 'SEALWIRE_KEYS', message: words });
    assert.equal((await ringOf(entry(', raw = true'), { sources })).status().length, 1);
  }
});

test('a byte order mark is ignored', async () => {
  const path = file(`\ufeffHMAC_SECRET_AGENT_PRACTICES=${SECRET(1)}\n`, '.env');
  assert.deepEqual(versionsOf(new KeyRing(loadDotenv(path, 'practices'))), ['1*']);
  assert.deepEqual(versionsOf(new KeyRing(await load(path))), ['1*']);
  assert.equal(loadModes(file('\ufeffHMAC_AUTH_ENABLED=false\n', '.env')).observeOnly, true);
  assert.deepEqual(versionsOf(await ringOf(`\ufeff${ENTRY(1, 1)}`)), ['1*']);
});

test('a secret instead of a name is not printed', () => {
  const secret = SECRET('x');
  for (const keys of [
    { pairs: { [secret]: 'agent/practices' } },
    { clients: { [secret]: 'billing' } },
    { clients: { billing: { primary: 1, versions: { [secret]: 'x' } } } },
    { [secret]: {} },
  ])
    assert.throws(
      () => new KeyRing(keys),
      (error) => {
        assert.ok(error.code.startsWith('SEALWIRE_'));
        assert.ok(!`${error.message}${error.stack}`.includes(secret), error.message);
        return true;
      },
    );
});

test('writes the status file that the command reads', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sealwire-'));
  const status = new StatusFile(await ringOf(ENTRY(1, 1)), directory, 'practices').start();
  status.stop();
  const [name] = readdirSync(directory);
  assert.equal(name, `practices-${process.pid}.json`);
  const [key] = JSON.parse(readFileSync(join(directory, name), 'utf8')).keys;
  assert.deepEqual(key, {
    name: 'agent/practices',
    version: 1,
    primary: true,
    accepted: 0,
    lastAccepted: null,
  });
});
