'use strict';

// Tests of the `clock` setting: a function, controlled by the test, that returns a Unix time in milliseconds.

const assert = require('node:assert/strict');
const { mkdtempSync, readdirSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { afterEach, mock, test } = require('node:test');

const { KeyRing, ReplayTable, Signer, Verifier } = require('..');
const { hmacAuth } = require('../express.js');
const { send, serving } = require('./support/serve.js');

const SECRET = 'a secret of more than thirty-two bytes';
const keys = new KeyRing({
  pairs: { 'agent/practices': Buffer.from(SECRET).toString('base64') },
  clients: { 'billing-service': SECRET },
});
const clock = () => Date.now();
const START = Date.UTC(2031, 4, 1);
const URL_ = 'http://practices.test/x';
const SCHEMES = ['message', 'pairwise', 'client'];

const signerOf = (scheme, settings) =>
  new Signer({
    name: scheme === 'client' ? 'billing-service' : 'agent',
    receiver: 'practices',
    keys,
    schemes: [scheme],
    ...settings,
  });

const verifierOf = (scheme, settings) =>
  new Verifier({
    service: 'practices',
    keys,
    schemes: [scheme],
    claimPairwise: true,
    authorities: 'any',
    replay: 'heap',
    ...settings,
  });

const request = (headers, url = URL_) => ({ method: 'GET', url, headers });

const WRONG = {
  'an error': () => {
    throw new Error('no time');
  },
  'an error without a text': () => {
    throw null; // eslint-disable-line no-throw-literal -- any value can be thrown
  },
  nothing: () => undefined,
  null: () => null,
  'a text': () => String(Date.now()),
  'a date': () => new Date(),
  'a big integer': () => BigInt(Date.now()),
  'a boolean': () => true,
  'not a number': () => NaN,
  infinity: () => Infinity,
  'a fraction': () => Date.now() + 0.5,
  'a negative time': () => -1,
  seconds: () => Math.floor(Date.now() / 1000),
  microseconds: () => Date.now() * 1000,
  'a promise': async () => Date.now(),
  'a promise that is rejected': () => Promise.reject(new Error('no time')),
  'an object whose members throw': () =>
    new Proxy({}, { get: () => assert.fail('read'), getPrototypeOf: () => assert.fail('read') }),
};

const rejected = (verify) => {
  try {
    verify();
  } catch ({ code, ageMs }) {
    return { code, ageMs };
  }
  return assert.fail('accepted');
};

afterEach(() => mock.timers.reset());

for (const scheme of SCHEMES) {
  test(`mock timers are the time of signers and verifiers: ${scheme}`, () => {
    const [signer, verifier] = [signerOf(scheme, { clock }), verifierOf(scheme, { clock })];
    mock.timers.enable({ apis: ['Date'], now: START });
    const [one, other] = [signer.sign(request()), signer.sign(request())];
    assert.equal(verifier.verify(request(one)).ageMs, 0);
    assert.equal(rejected(() => verifier.verify(request(one))).code, 'replayed');
    mock.timers.tick(301_000);
    assert.equal(rejected(() => verifier.verify(request(other))).code, 'stale_timestamp');
    mock.timers.reset();
    assert.equal(rejected(() => verifier.verify(request(other))).code, 'future_timestamp');
  });

  test(`a clock that fails rejects and does not sign: ${scheme}`, async () => {
    const headers = signerOf(scheme).sign(request());
    for (const [name, broken] of Object.entries(WRONG)) {
      const verifier = verifierOf(scheme, { clock: broken });
      const expected = { code: 'stale_timestamp', ageMs: undefined };
      assert.deepEqual(
        rejected(() => verifier.verify(request(headers))),
        expected,
        name,
      );
      await assert.rejects(verifier.verifyAsync(request(headers)), { code: 'stale_timestamp' }, name);
      assert.throws(
        () => signerOf(scheme, { clock: broken }).sign(request()),
        { code: 'SEALWIRE_SIGN', message: /^clock: / },
        name,
      );
    }
  });
}

test('mock timers start in 1970, with a table that was made later', () => {
  const [signer, verifier] = [
    signerOf('message', { clock }),
    verifierOf('message', { clock, replay: ReplayTable.heap() }),
  ];
  mock.timers.enable({ apis: ['Date'] });
  assert.equal(verifier.verify(request(signer.sign(request()))).sender, 'agent');
});

test('the error of the clock is the cause of the error', () => {
  const cause = new Error('no time');
  const broken = () => {
    throw cause;
  };
  assert.throws(() => signerOf('message', { clock: broken }).sign(request()), { cause });
});

for (const scheme of SCHEMES) {
  test(`a middleware has the clock of its settings: ${scheme}`, async () => {
    let now = START;
    const signer = signerOf(scheme, { clock: () => now });
    const guard = hmacAuth({
      keys,
      service: 'practices',
      authorities: 'any',
      schemes: [scheme],
      exemptPaths: ['/open'],
      replay: 'heap',
      signResponses: true,
      clock: () => now,
    });
    await serving(
      (req, res) => guard(req, res, () => res.end(req.sealwire?.sender ?? 'nobody')),
      async (origin) => {
        const call = (path = '/x') => {
          const headers = signer.sign({ method: 'GET', url: `${origin}${path}` });
          return send(origin, { path, headers });
        };
        assert.equal((await call()).text, signer.name);
        const headers = signer.sign({ method: 'GET', url: `${origin}/x` });
        now += 301_000;
        assert.equal((await send(origin, { path: '/x', headers })).status, 401);
        assert.equal((await call()).status, 200);
        const again = signer.sign({ method: 'GET', url: `${origin}/x` });
        now = Math.floor(START / 1000);
        assert.equal((await send(origin, { path: '/x', headers: again })).status, 401);
        assert.equal((await send(origin, { path: '/open' })).status, 200);
      },
    );
  });
}

test('a response is sent unsigned if the clock fails while it is made', async () => {
  const times = [Date.now(), Date.now()];
  const guard = hmacAuth({
    keys,
    service: 'practices',
    authorities: 'any',
    schemes: ['message'],
    replay: 'heap',
    signResponses: true,
    clock: () => times.shift(),
  });
  await serving(
    (req, res) => guard(req, res, () => res.end('ok')),
    async (origin) => {
      const headers = signerOf('message').sign({ method: 'GET', url: `${origin}/` });
      const response = await fetch(origin, { headers });
      assert.deepEqual([response.status, response.headers.get('signature')], [200, null]);
    },
  );
});

test('a mapped file or a shared store cannot be used with a clock', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'sealwire-clock-'));
  const before = readdirSync(process.env.RUNTIME_DIRECTORY);
  const stores = [
    undefined,
    ReplayTable.mapped(path.join(directory, 'other')),
    { claim: async () => true },
    ReplayTable.heap({ sharedAs: 'clock' }),
  ];
  for (const replay of stores) {
    const expected = { code: 'SEALWIRE_CONFIG', message: /^clock: .*replay/ };
    assert.throws(() => verifierOf('message', { clock, replay }), expected);
    const server = { keys, service: 'practices', authorities: 'any', schemes: ['message'] };
    assert.throws(() => hmacAuth({ ...server, clock, replay }), expected);
  }
  assert.deepEqual(readdirSync(directory), ['other']);
  assert.deepEqual(readdirSync(process.env.RUNTIME_DIRECTORY), before);
});

test('schemes without nonces need no table', () => {
  const settings = { clock, claimPairwise: false, replay: undefined };
  const headers = signerOf('pairwise').sign(request());
  assert.equal(verifierOf('pairwise', settings).verify(request(headers)).sender, 'agent');
});

test('a clock is a function', () => {
  for (const wrong of [1, 'now', {}, new Date()]) {
    assert.throws(() => verifierOf('message', { clock: wrong }), { message: /^clock: / });
    assert.throws(() => signerOf('message', { clock: wrong }), { message: /^clock: / });
  }
});

test('a given time replaces the clock', () => {
  const broken = WRONG['an error'];
  const now = START;
  const headers = signerOf('message', { clock: broken }).sign({ ...request(), now });
  assert.equal(verifierOf('message', { clock: broken }).verify({ ...request(headers), now }).ageMs, 0);
});

test('a table of this process can be cleared, a mapped table not', () => {
  const replay = ReplayTable.heap();
  const verifier = verifierOf('message', { replay });
  const headers = signerOf('message').sign(request());
  verifier.verify(request(headers));
  assert.equal(rejected(() => verifier.verify(request(headers))).code, 'replayed');
  replay.clear();
  assert.equal(verifier.verify(request(headers)).sender, 'agent');
  const mapped = ReplayTable.mapped(path.join(mkdtempSync(path.join(os.tmpdir(), 'sealwire-')), 'table'));
  assert.throws(() => mapped.clear(), { code: 'SEALWIRE_CONFIG' });
});
