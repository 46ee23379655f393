'use strict';

// Tests with objects and bytes from another copy of this package or another realm.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const vm = require('node:vm');

const SECRET = '0123456789abcdef0123456789abcdef';

// Loads the modules again, as jest.resetModules does.
function anotherCopy() {
  for (const file of Object.keys(require.cache)) if (!file.endsWith('.node')) delete require.cache[file];
  return {
    ...require('..'),
    ...require('../express.js'),
    ...require('../fetch.js'),
    ...require('../secrets.js'),
  };
}

const one = anotherCopy();
const two = anotherCopy();

test('the copies are separate', () => assert.notEqual(one.KeyRing, two.KeyRing));

test('keys, tables, modes and verifiers of another copy can be used', async () => {
  const keys = new one.KeyRing({ clients: { a: SECRET } });
  const signer = new two.Signer({ name: 'a', keys, schemes: ['client'] });
  const verifier = new two.Verifier({
    keys,
    modes: new one.Modes(),
    replay: one.ReplayTable.heap({ acceptOlder: true }),
    schemes: ['client'],
  });
  const request = { method: 'GET', url: '/x' };
  const headers = signer.sign(request);
  assert.equal(verifier.verify({ ...request, headers }).sender, 'a');
  assert.throws(
    () => verifier.verify({ ...request, headers }),
    (error) => error instanceof one.RejectedError && error instanceof two.RejectedError,
  );
  assert.equal(typeof one.hmacAuth({ verifier }), 'function');
  assert.equal(typeof one.signedFetch(signer), 'function');
  assert.ok(!(new Error('x') instanceof one.RejectedError));
  new two.Reloader(new one.Modes(), () => ({ mode: 'observe' }), { logger: console });
});

test('an object that is only similar to a key ring is rejected', () => {
  for (const keys of [{}, { status() {} }, Object.create(one.KeyRing.prototype), null]) {
    assert.throws(() => new one.Signer({ name: 'a', keys }));
  }
});

test('bytes of another realm are accepted, as in Jest with jsdom', () => {
  const foreign = (text) => vm.runInNewContext('Uint8Array.from(bytes)', { bytes: [...Buffer.from(text)] });
  assert.ok(!(foreign('x') instanceof Uint8Array));
  const keys = new one.KeyRing({ clients: { a: foreign(SECRET) } });
  const [signer, verifier] = [
    new one.Signer({ name: 'a', keys, receiver: 's' }),
    new one.Verifier({
      keys,
      service: 's',
      authorities: 'any',
      replay: one.ReplayTable.heap({ acceptOlder: true }),
    }),
  ];
  for (const body of [foreign('body'), foreign('body').buffer]) {
    const request = { method: 'POST', url: 'http://a.test/x', body };
    const headers = signer.sign(request);
    assert.throws(() => verifier.verify({ ...request, body: 'other', headers }), {
      code: 'body_digest_mismatch',
    });
    assert.equal(verifier.verify({ ...request, headers }).sender, 'a');
  }
});
