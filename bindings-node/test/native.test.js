'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const native = require('../lib/native.js');

const SOURCE = path.join(__dirname, '..', 'src');

test('every native function catches panics', () => {
  const files = readdirSync(SOURCE, { recursive: true }).filter((file) => file.endsWith('.rs'));
  const text = files.map((file) => readFileSync(path.join(SOURCE, file), 'utf8'));
  const functions = text.join('\n').match(/#\[napi[^\n]*\]\npub fn \w+/g);
  assert.ok(functions.length >= Object.keys(native).length);
  for (const each of functions) assert.match(each, /^#\[napi\(catch_unwind\)\]/);
});

const odd = [
  undefined,
  null,
  0,
  -1,
  NaN,
  1e300,
  '',
  'x',
  '\ud800',
  [],
  {},
  () => {},
  Symbol('s'),
  1n,
  new Uint8Array(3),
];

// Returns the native functions that are created for an object and called once per request.
function made() {
  const secret = { number: 1, secret: 'a secret of more than 32 characters' };
  const ring = native.newRing({
    entries: [{ name: 'me', primary: 1, versions: [secret] }],
    allowWeak: false,
  });
  const table = native.heapTable(64, true);
  const signer = native.newSigner({ name: 'me', schemes: ['client'] }, ring);
  const verifier = native.newVerifier({ schemes: ['client'] }, ring, table);
  return {
    claim: native.claiming(table),
    sign: native.signing(signer),
    signClient: native.clientSigning(signer),
    verifyToken: native.tokenVerifying(ring),
    verify: native.verifying(verifier),
    verifyClient: native.clientVerifying(verifier),
  };
}

test('errors of functions that are created for an object have a code', () => {
  assert.throws(() => made().signClient('/', 'G T'), { code: 'SEALWIRE_SIGN' });
  assert.throws(() => made().signClient(1, 'GET'), { code: 'SEALWIRE_CONFIG' });
  assert.throws(() => made().verify(), { code: 'SEALWIRE_CONFIG' });
});

test('no native call ends the process, for any arguments', () => {
  for (const [name, call] of Object.entries({ ...native, ...made() })) {
    for (const one of odd) {
      for (const other of odd) {
        try {
          call(one, other, one, other, one);
        } catch (error) {
          assert.ok(error instanceof Error, name);
        }
      }
    }
  }
});

test('without a suitable build, the error contains the platform and the available builds', () => {
  const run = `
    Object.defineProperty(process, 'platform', { value: 'plan9' });
    try { require(${JSON.stringify(path.join(__dirname, '..', 'index.js'))}); } catch (error) { console.log(error.code, error.message); }
  `;
  const { SEALWIRE_ADDON: _named, ...env } = process.env;
  const { stdout } = spawnSync(process.execPath, ['-e', run], { encoding: 'utf8', env });
  assert.match(
    stdout,
    /^SEALWIRE_PLATFORM sealwire has no addon that loads on plan9 on \w+\..*linux-x64-gnu/,
  );
});
