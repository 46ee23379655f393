'use strict';

const assert = require('node:assert/strict');
const { inspect } = require('node:util');
const { describe, test } = require('node:test');

const sealwire = require('..');
const { CLIENT, SECRET, plainHeaders } = require('./support/plain.js');

const { ConnectionString, Identity, KeyRing, RejectedError, ReplayTable, Signer, Verifier } = sealwire;

const PAIR = 'dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw==';
const clientKeys = () => new KeyRing({ clients: { [CLIENT]: SECRET } });
const request = (url = '/x', override) => ({
  method: 'GET',
  url,
  headers: plainHeaders('GET', url, override),
});

describe('KeyRing', () => {
  const refused = (keys, message) =>
    assert.throws(
      () => new KeyRing(keys),
      (error) => {
        assert.equal(error.code, 'SEALWIRE_KEYS');
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /hunter2/, 'an error never shows a secret');
        return true;
      },
    );

  test('errors contain the name of the entry and the fix', () => {
    refused({ clients: { a: 'hunter2' } }, /^key ring entry a: .*generate a longer one or set allowWeak/);
    refused({ clients: { a: '' } }, /^key ring entry a: .*empty/);
    refused(
      { clients: { a: { primary: 3, versions: { 1: SECRET } } } },
      /^key ring entry a: .*primary version 3/,
    );
    refused({ clients: { a: { primary: 1, versions: {} } } }, /^key ring entry a: .*empty/);
    refused({ clients: { a: { versions: { 1: SECRET } } } }, /^key ring entry a: pass a secret/);
    refused({ clients: { a: { primary: 1, versions: { one: SECRET } } } }, /"one" is not a version number/);
    refused({ clients: { a: undefined } }, /^key ring entry a: pass a secret/);
    refused({ clients: { 'a:b': SECRET } }, /^key ring entry a:b: the name is not valid/);
    refused({ pairs: { agent: PAIR } }, /^key ring entry agent: pass both services/);
    refused({ pairs: { 'agent/practices': 'hunter2 is no base64' } }, /base64/);
    refused({ pairs: { 'a_b/c': PAIR, 'a/b_c': PAIR } }, /environment variable is also that of/);
  });

  test('accepts bytes and text', () => {
    const [one, two] = [SECRET, Buffer.from(SECRET)].map(
      (secret) => new KeyRing({ clients: { [CLIENT]: secret } }),
    );
    const signed = (keys) =>
      new Signer({ name: CLIENT, keys, schemes: ['client'] }).sign({
        method: 'GET',
        url: '/',
        now: 1,
        nonce: 'n',
      });
    assert.deepEqual(signed(one), signed(two));
  });

  test('reads pairs from the environment', () => {
    const env = { HMAC_SECRET_AGENT_PRACTICES: PAIR, PATH: '/bin' };
    const [{ name, version, primary }] = KeyRing.fromEnv('practices', { env }).status();
    assert.deepEqual({ name, version, primary }, { name: 'agent/practices', version: 1, primary: true });
    assert.throws(() => KeyRing.fromEnv('practices', { env: {} }), {
      code: 'SEALWIRE_KEYS',
      message: /HMAC_SECRET_/,
    });
  });

  test('can be replaced at run time, and keeps its counts', () => {
    const keys = clientKeys();
    const verifier = new Verifier({ keys, schemes: ['client'] });
    verifier.verify(request());
    const next = `next ${SECRET}`;
    keys.replace({ clients: { [CLIENT]: { primary: 2, versions: { 1: SECRET, 2: next } } } });
    verifier.verify(request('/x', { secret: next }));
    verifier.verify(request());
    assert.deepEqual(
      keys.status().map(({ version, accepted, primary }) => [version, accepted, primary]),
      [
        [1, 2, false],
        [2, 1, true],
      ],
    );
    assert.throws(() => keys.replace({ clients: { [CLIENT]: 'weak' } }), { code: 'SEALWIRE_KEYS' });
    verifier.verify(request());
    keys.replace({ clients: { [CLIENT]: next } });
    assert.throws(() => verifier.verify(request()), { code: 'signature_mismatch' });
  });

  test('inspect and JSON show no secret', () => {
    assert.doesNotMatch(
      inspect(clientKeys(), { depth: 9, showHidden: true }) + JSON.stringify(clientKeys()),
      /thirty-two/,
    );
  });
});

describe('Verifier', () => {
  test('throws a RejectedError with the reason and without a signature', () => {
    const verifier = new Verifier({ keys: clientKeys(), schemes: ['client'] });
    const headers = plainHeaders('GET', '/y');
    assert.throws(
      () => verifier.verify({ method: 'GET', url: '/x', headers }),
      (error) => {
        assert.ok(error instanceof RejectedError && error instanceof Error);
        assert.equal(error.name, 'RejectedError');
        const { code, status, publicText, scheme, sender, mode, field } = error;
        assert.deepEqual([code, status, publicText], ['signature_mismatch', 401, "Buffer Doesn't match"]);
        assert.deepEqual([scheme, sender, mode, field], ['client', CLIENT, 'enforce', undefined]);
        assert.ok(!inspect(error).includes(headers['X-Signature']));
        return true;
      },
    );
  });

  test('errors contain the name of the header that caused the rejection', () => {
    const verifier = new Verifier({ keys: clientKeys(), schemes: ['client'] });
    const headers = { ...plainHeaders('GET', '/x'), 'X-Timestamp': 'NaN' };
    assert.throws(() => verifier.verify({ method: 'GET', url: '/x', headers }), {
      code: 'malformed_header',
      field: 'X-Timestamp',
    });
  });

  test('accepts headers in all forms', () => {
    const verifier = new Verifier({ keys: clientKeys(), schemes: ['client'] });
    const forms = [
      (headers) => headers,
      (headers) => Object.entries(headers),
      (headers) => Object.entries(headers).flat(),
      (headers) => new Headers(headers),
      (headers) => new Map(Object.entries(headers)),
      (headers) => ({ ...headers, 'X-Many': ['a', 'b'], 'X-None': undefined }),
    ];
    for (const form of forms) {
      assert.equal(
        verifier.verify({ method: 'GET', url: '/x', headers: form(plainHeaders('GET', '/x')) }).sender,
        CLIENT,
      );
    }
    const twice = { ...plainHeaders('GET', '/x'), 'X-Client-Id': [CLIENT, CLIENT] };
    assert.throws(() => verifier.verify({ method: 'GET', url: '/x', headers: twice }), {
      code: 'duplicate_header',
    });
  });

  test('a line break in a part is rejected, and never creates another header', () => {
    const verifier = new Verifier({ keys: clientKeys(), schemes: ['client'] });
    const { 'X-Client-Id': id, ...rest } = plainHeaders('GET', '/x');
    const smuggled = { ...rest, 'X-Note': `a\nX-Client-Id\n${id}` };
    assert.throws(() => verifier.verify({ method: 'GET', url: '/x', headers: smuggled }), RejectedError);
    assert.throws(() => verifier.verify({ ...request(), method: 'GET\n' }), RejectedError);
    assert.match(verifier.verdictOfClient('GET\n', '/x', 'a', '1', 'b', 'c'), /^-\nmalformed_header/);
  });

  test('reports version and age, also if they do not fit in one number', () => {
    const MINUTE = 60_000;
    for (const [version, ageMs] of [
      [1, 0],
      [1, 5 * MINUTE],
      [1, -5 * MINUTE],
      [4294967295, 5 * MINUTE],
      [1, 40 * MINUTE],
      [4294967295, -40 * MINUTE],
    ]) {
      const keys = new KeyRing({
        clients: { [CLIENT]: { primary: version, versions: { [version]: SECRET } } },
      });
      const [pastMs, futureMs] = [60 * MINUTE, 60 * MINUTE];
      const replay = ReplayTable.heap({ slots: 64, acceptOlder: true });
      const verifier = new Verifier({ keys, schemes: ['client'], pastMs, futureMs, replay });
      const signer = new Signer({ name: CLIENT, keys, schemes: ['client'] });
      const headers = signer.sign({ method: 'GET', url: '/x', now: Date.now() - ageMs });
      const identity = verifier.verify({ method: 'GET', url: '/x', headers });
      assert.ok(identity.ageMs >= ageMs && identity.ageMs < ageMs + 1000, `${identity.ageMs} for ${ageMs}`);
      assert.deepEqual(
        [identity.sender, identity.scheme, identity.keyVersion, identity.userId, identity.nonce],
        [CLIENT, 'client', version, undefined, headers['X-Request-ID']],
      );
    }
  });

  test('rejects characters outside of Latin-1 instead of using their low byte', () => {
    const verifier = new Verifier({ keys: clientKeys(), schemes: ['client'] });
    const wide = (text) => String.fromCharCode(0x100 + text.charCodeAt(0)) + text.slice(1);
    const { method, url, headers } = request();
    const altered = [
      { method: wide(method), url, headers },
      { method, url: `${url}\u0178`, headers },
    ];
    for (const [name, value] of Object.entries(headers)) {
      altered.push({ method, url, headers: { ...headers, [name]: wide(value) } });
    }
    for (const each of altered) {
      assert.throws(() => verifier.verify(each), { code: 'SEALWIRE_CONFIG' }, inspect(each));
    }
    assert.equal(verifier.verify({ method, url, headers }).sender, CLIENT);
  });

  test('rejects malformed headers of any length', () => {
    const verifier = new Verifier({ keys: clientKeys(), schemes: ['client'] });
    for (const length of [0, 1, 255, 256, 257, 65_792]) {
      for (const name of Object.keys(plainHeaders('GET', '/x'))) {
        const headers = { ...plainHeaders('GET', '/x'), [name]: '1'.repeat(length) };
        const verify = () => verifier.verify({ method: 'GET', url: '/x', headers });
        assert.throws(verify, RejectedError, `${name}: ${length}`);
      }
    }
  });

  test('finds headers in any case among others with the same length', () => {
    const verifier = new Verifier({ keys: clientKeys(), schemes: ['client'] });
    const spellings = [(name) => name.toUpperCase(), (name) => name.toLowerCase(), (name) => name];
    for (const spell of spellings) {
      const headers = { 'X-Ci': 'a', 'X-Cart-Sums': 'b', 'x-stations-': 'c', 'X-Resource-Y': 'd' };
      for (const [name, value] of Object.entries(plainHeaders('GET', '/x'))) headers[spell(name)] = value;
      assert.equal(verifier.verify({ method: 'GET', url: '/x', headers }).sender, CLIENT);
    }
  });

  test('a request causes no error other than a rejection', () => {
    const verifier = new Verifier({ keys: clientKeys(), schemes: ['client'] });
    for (const odd of [
      '',
      ' ',
      '\xff',
      '\0',
      'x'.repeat(100_000),
      '/\xe9',
      '//',
      '/#',
      'http://a/',
      '*',
      '/ ',
    ]) {
      assert.throws(() => verifier.verify({ ...request(), url: odd }), RejectedError, JSON.stringify(odd));
      assert.throws(() => verifier.verify({ ...request(), method: odd }), RejectedError, JSON.stringify(odd));
    }
  });

  test('applies the rules for single senders', () => {
    const senders = { [CLIENT]: { methods: ['GET'], pathPrefixes: ['/public'] } };
    const verifier = new Verifier({ keys: clientKeys(), schemes: ['client'], senders });
    verifier.verify(request('/public/a'));
    assert.throws(() => verifier.verify(request('/private')), { code: 'sender_not_allowed' });
  });

  test('requires its mandatory settings', () => {
    assert.throws(() => new Verifier({}), { code: 'SEALWIRE_CONFIG', message: /^keys: pass a KeyRing/ });
    assert.throws(() => new Verifier({ keys: {} }), { code: 'SEALWIRE_CONFIG' });
    assert.throws(() => new Verifier({ keys: clientKeys() }), {
      code: 'SEALWIRE_CONFIG',
      message: /^service: /,
    });
    assert.throws(() => new Verifier({ keys: clientKeys(), schemes: ['client'], pastMs: NaN }), {
      code: 'SEALWIRE_CONFIG',
    });
  });
});

test('a full table rejects claims and evicts no entry', () => {
  const replay = ReplayTable.heap({ slots: 8 });
  const verifier = new Verifier({ keys: clientKeys(), schemes: ['client'], replay });
  const passed = Array.from({ length: 8 }, () => request());
  for (const each of passed) verifier.verify(each);
  assert.throws(() => verifier.verify(request()), { code: 'replay_store_full', status: 503 });
  for (const each of passed) assert.throws(() => verifier.verify(each), { code: 'replayed' });
  assert.deepEqual(replay.fill(), { live: 8, slots: 8 });
});

test('a table in huge pages accepts a request once', () => {
  const replay = ReplayTable.heap({ slots: 1_000_000 });
  const verifier = new Verifier({ keys: clientKeys(), schemes: ['client'], replay });
  const passed = request();
  verifier.verify(passed);
  assert.throws(() => verifier.verify(passed), { code: 'replayed' });
  assert.equal(replay.fill().slots, 1_000_000);
});

describe('Signer', () => {
  const keys = new KeyRing({ pairs: { 'agent/practices': PAIR }, clients: { agent: SECRET } });

  test('signs in several schemes, and the verifier reports the verified one', () => {
    const signer = new Signer({ name: 'agent', keys, schemes: ['message', 'client'], receiver: 'practices' });
    const sent = { method: 'POST', url: 'https://practices.test/a?b=c', body: 'x' };
    for (const schemes of [['message'], ['client']]) {
      const policy = { service: 'practices', schemes, authorities: ['practices.test'] };
      const verifier = new Verifier({ keys, ...policy, replay: 'heap' });
      const headers = signer.sign({ ...sent, userId: 'user-7' });
      const received = { ...sent, url: '/a?b=c', authority: 'practices.test', headers };
      const identity = verifier.verify(received);
      assert.equal(identity.scheme, schemes[0]);
      assert.equal(identity.userId, schemes[0] === 'message' ? 'user-7' : undefined);
    }
  });

  // Signing and verifying use the same clock. If they used two clocks, the timestamp of a new signature could be in the future.
  test('a new signature is accepted even if timestamps in the future are not allowed', () => {
    const strict = new Verifier({ keys: clientKeys(), schemes: ['client'], futureMs: 0 });
    const signer = new Signer({ name: CLIENT, keys: clientKeys(), schemes: ['client'] });
    for (let turn = 0; turn < 2000; turn += 1) {
      const own = { method: 'GET', url: '/x', headers: signer.sign({ method: 'GET', url: '/x' }) };
      for (const signed of [own, request()]) assert.ok(strict.verify(signed).ageMs >= 0);
    }
  });

  test('reports requests that cannot be signed', () => {
    const signer = new Signer({ name: 'agent', keys, schemes: ['client'] });
    const refused = (parts, message) =>
      assert.throws(() => signer.sign({ method: 'GET', url: '/', ...parts }), {
        code: /^SEALWIRE_(SIGN|CONFIG)$/,
        message,
      });
    refused({ url: 'no-slash' }, /must start with \//);
    refused({ url: '/a b' }, /percent-encoded/);
    refused({ url: '/\u20ac' }, /latin-1/);
    refused({ method: 'G T' }, /not an HTTP token/);
    refused({ method: 'GET\nX' }, /line break/);
    refused({ nonce: 'a:b' }, /request id/);
    refused({ userId: 'a b' }, /user id/);
    refused({ body: {} }, /^body: pass the bytes/);
    assert.throws(
      () => new Signer({ name: 'nobody', keys, schemes: ['client'] }).sign({ method: 'GET', url: '/' }),
      {
        code: 'SEALWIRE_SIGN',
        message: /no key/,
      },
    );
  });
});

describe('ConnectionString', () => {
  const keys = new KeyRing({ issuer: { primary: 2, versions: { 1: `old ${SECRET}`, 2: SECRET } } });
  const account = '11111111-2222-4333-8444-555555555555';
  const parts = {
    account,
    expires: '2090-01-02T03:04:05Z',
    roles: [{ name: 'staff', write: true }, { name: 'guest' }],
  };

  test('a verified token has the contents that were issued', () => {
    const token = ConnectionString.verify(
      keys,
      ConnectionString.issue(keys, { ...parts, offsetMinutes: 120, tenant: account }),
    );
    assert.deepEqual(token.roles, [
      { name: 'staff', write: true },
      { name: 'guest', write: false },
    ]);
    assert.deepEqual(
      [token.account, token.tenant, token.subscription, token.keyVersion],
      [account, account, undefined, 2],
    );
    assert.equal(token.expires, '2090-01-02T05:04:05+02:00');
    assert.equal(token.expiresAt.toISOString(), '2090-01-02T03:04:05.000Z');
  });

  test("is rejected with the gateway's own code and answer", () => {
    const token = ConnectionString.issue(keys, parts);
    const other = new KeyRing({ issuer: { primary: 1, versions: { 1: SECRET } } });
    assert.throws(
      () => ConnectionString.verify(other, token),
      (error) => {
        assert.ok(error instanceof RejectedError);
        assert.deepEqual(
          [error.code, error.nativeCode, error.status],
          ['unknown_key_version', 'MYC00031', 401],
        );
        const answer = { msg: 'Unauthorized', status: 401, message: 'Invalid connection string: MYC00031' };
        assert.deepEqual(JSON.parse(error.responseBody), answer);
        assert.deepEqual(error.logFields, { connection_string_verification_failed: true, code: 'MYC00031' });
        return true;
      },
    );
    const old = ConnectionString.issue(keys, { ...parts, expires: new Date(0) });
    assert.throws(() => ConnectionString.verify(keys, old), { code: 'token_expired' });
    assert.equal(ConnectionString.verify(keys, old, { ignoreExpiry: true }).account, account);
    for (const odd of ['', 'x', undefined, null, 7, '\u20ac'.repeat(9_000)]) {
      assert.throws(() => ConnectionString.verify(keys, odd), { code: 'malformed_token' });
    }
  });

  test('reports invalid contents', () => {
    const refused = (more, message) =>
      assert.throws(() => ConnectionString.issue(keys, { ...parts, ...more }), {
        code: 'SEALWIRE_TOKEN',
        message,
      });
    refused({ account: 'me' }, /^account: pass a UUID/);
    refused({ expires: 'soon' }, /^expires: pass a date/);
    refused({ roles: [{ name: 'a;b' }] }, /role 0/);
    assert.throws(() => ConnectionString.issue(clientKeys(), parts), {
      code: 'SEALWIRE_KEYS',
      message: /no issuer key/,
    });
  });
});

describe('configuration', () => {
  const hmac = { enableHmac: true, clientId: CLIENT, sharedSecret: SECRET };
  const warned = async (run) => {
    const codes = [];
    const note = ({ code }) => codes.push(code);
    process.on('warning', note);
    run();
    await new Promise(setImmediate);
    process.off('warning', note);
    return codes;
  };

  test('errors contain the name of the missing setting', () => {
    const refused = (more) => () => sealwire.configuration({ server: { hmac: { ...hmac, ...more } } });
    assert.throws(refused({ sharedSecret: undefined }), {
      code: 'SEALWIRE_CONFIG',
      message: /^server\.hmac\.sharedSecret/,
    });
    assert.throws(refused({ clientId: '' }), { code: 'SEALWIRE_CONFIG', message: /^server\.hmac\.clientId/ });
    assert.throws(refused({ clientId: 'a:b' }), { code: 'SEALWIRE_KEYS' });
    sealwire.configuration({ server: { hmac: { enableHmac: false } } });
  });

  test('warns about a secret that was generated at start-up, but not about one from the environment', async () => {
    const sharedSecret = require('node:crypto').randomBytes(32).toString('hex');
    const configure = () => sealwire.configuration({ server: { hmac: { ...hmac, sharedSecret } } });
    process.env.TEST_SHARED_SECRET = sharedSecret;
    assert.deepEqual(await warned(configure), []);
    delete process.env.TEST_SHARED_SECRET;
    assert.deepEqual(await warned(configure), ['SEALWIRE_GENERATED_SECRET']);
  });

  test('signRequest emits one warning about a short secret, and signs', async () => {
    const sign = () => sealwire.signRequest('GET', '/', 'short', CLIENT);
    assert.deepEqual(await warned(() => sign() && sign()), ['SEALWIRE_WEAK_SECRET']);
    assert.throws(() => sealwire.signRequest('GET', '/', '', CLIENT), { code: 'SEALWIRE_KEYS' });
  });
});

test('an Identity is shown as plain data in logs', () => {
  const verifier = new Verifier({ keys: clientKeys(), schemes: ['client'] });
  const identity = verifier.verify(request());
  assert.ok(identity instanceof Identity);
  assert.equal(JSON.parse(JSON.stringify(identity)).sender, CLIENT);
  assert.match(inspect(identity), /^Identity \{\s+sender: 'billing-service'/);
});

test('a request with a part of the wrong type causes an error that names the part', async () => {
  const settings = { keys: new KeyRing({ clients: { [CLIENT]: SECRET } }), schemes: ['client'] };
  const claim = async () => true;
  const local = new Verifier({ ...settings, replay: 'heap' });
  const shared = new Verifier({ ...settings, replay: { claim } });
  const request = { method: 'GET', url: '/x', headers: {} };
  for (const [given, part] of [
    [undefined, 'request'],
    [null, 'request'],
    ['/x', 'request'],
    [{ ...request, url: undefined }, 'url'],
    [{ ...request, url: null }, 'url'],
    [{ ...request, url: 5 }, 'url'],
    [{ ...request, headers: null }, 'headers'],
    [{ ...request, headers: 'a: b' }, 'headers'],
  ]) {
    const isNamed = ({ code, message }) => code === 'SEALWIRE_CONFIG' && message.startsWith(`${part}: `);
    assert.throws(() => local.verify(given), isNamed);
    await assert.rejects(shared.verifyAsync(given), isNamed);
  }
});
