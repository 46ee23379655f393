'use strict';

// Tests of the function `explain` and of the `sealwire explain` command.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { after, test } = require('node:test');
const { KeyRing, Signer } = require('..');
const { explain } = require('../explain.js');

const SECRET = Buffer.from('a secret of more than thirty-two bytes, for tests only').toString('base64');
const keys = new KeyRing({ pairs: { 'agent/practices': SECRET } });
const signer = new Signer({ name: 'agent', keys });
const BODY = '{"a": 1}';

const folder = mkdtempSync(path.join(tmpdir(), 'sealwire-explain-'));
after(() => rmSync(folder, { recursive: true }));
const keyFile = path.join(folder, 'keys.toml');
writeFileSync(
  keyFile,
  `[pairs."agent/practices"]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = "${SECRET}" }]\n`,
  { mode: 0o600 },
);

function captured({ target = '/api/items?a=1', body = BODY, more = '' } = {}) {
  const url = 'https://practices.test/api/items?a=1';
  const headers = signer.sign({ method: 'POST', url, body: BODY, receiver: 'practices' });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${target} HTTP/1.1\r\nHost: practices.test\r\n${lines.join('')}${more}\r\n${body}`;
}

const asked = (capture, more = {}) => explain({ capture, keys, service: 'practices', ...more });

test('a removed prefix is proven', () => {
  const found = asked(captured({ target: '/items?a=1' }));
  assert.deepEqual([found.outcome, found.culprit, found.exitCode], ['proven', 'path', 0]);
  assert.match(found.text, /^culprit: path\nthe prefix \/api was removed/);
  const differing = found.components.filter(({ same }) => same === false);
  assert.deepEqual(differing, [{ component: '@path', arrived: '/items', signed: '/api/items', same: false }]);
});

test('the capture can be bytes, and the time of arrival a number, a Date or a string', () => {
  const capture = Buffer.from(captured({ body: '{"a":1}' }));
  for (const at of [Date.now(), new Date(), new Date().toISOString()]) {
    const found = asked(capture, { at });
    assert.deepEqual([found.culprit, found.changes.length], ['body', 1]);
    assert.equal(found.checks.find(({ check }) => check === 'time').result, 'passed');
  }
});

test('the result contains no secret, signature or body', () => {
  const capture = captured({ target: '/items?a=1', more: 'Authorization: Bearer hush\r\n' });
  const shown = JSON.stringify(asked(capture));
  const [, signature] = capture.match(/Signature: sealwire=:([^:]+):/);
  for (const hidden of [SECRET, signature, 'hush', BODY]) assert.ok(!shown.includes(hidden), hidden);
});

test('a capture of an unknown format, an unknown member and an invalid key ring are errors', () => {
  const code = { code: 'SEALWIRE_CONFIG' };
  assert.throws(() => asked('10.0.0.7 - - "GET / HTTP/1.1" 401 12'), {
    ...code,
    message: /use one of: raw/,
  });
  assert.throws(() => asked(captured(), { hostz: [] }), { ...code, message: /did you mean hosts/ });
  assert.throws(() => explain({ capture: captured(), keys: {}, service: 'practices' }), code);
  assert.throws(() => explain(), code);
});

function run(capture, ...more) {
  const file = path.join(folder, 'capture');
  writeFileSync(file, capture);
  const words = [path.join(__dirname, '../bin/sealwire.js'), 'explain', file, '--keys', keyFile, ...more];
  return new Promise((resolve) => {
    execFile(process.execPath, words, (error, out, err) => resolve({ code: error?.code ?? 0, out, err }));
  });
}

test('values that JSON does not support are rejected', () => {
  const capture = captured();
  const values = [5n, NaN, Infinity, () => 1, Symbol('x'), new Date(NaN)];
  for (const value of values) {
    for (const name of ['at', 'past', 'future', 'entry']) {
      const given = { keys, capture, service: 'practices', [name]: value };
      assert.throws(() => explain(given), { code: 'SEALWIRE_CONFIG' }, `${name}: ${typeof value}`);
    }
  }
  const circular = { keys, capture, service: 'practices' };
  circular.hosts = [circular];
  assert.throws(() => explain(circular), { code: 'SEALWIRE_CONFIG' });
  assert.throws(() => explain({ keys, capture, service: 'practices', sent: '' }), {
    code: 'SEALWIRE_CONFIG',
  });
});

test('the exit code of the command is 0 for proven, 1 for unexplained, and 2 for invalid input', async () => {
  const service = ['--service', 'practices'];
  const proven = await run(captured({ target: '/items?a=1' }), ...service, '--json');
  assert.deepEqual([proven.code, JSON.parse(proven.out).culprit, proven.err], [0, 'path', '']);
  const found = await run(captured({ target: '/beyond/guessing' }), ...service);
  assert.deepEqual([found.code, found.out.split('\n')[0]], [1, 'no culprit found']);
  for (const refused of [
    await run('not a capture', ...service),
    await run(captured(), ...service, '--past', '-5'),
    await run(captured(), ...service, '--at', 'soon'),
    await run(captured(), ...service, '--nonsense'),
    await run(captured(), ...service, '--sent', '/nowhere/at/all'),
    await run(captured()),
  ]) {
    assert.deepEqual([refused.code, refused.out], [2, ''], refused.err);
    assert.ok(refused.err !== '' && !refused.err.includes(SECRET), refused.err);
  }
});

test('the command reads a limited part of its input', { timeout: 60_000 }, async () => {
  const service = ['--service', 'practices'];
  const log = path.join(folder, 'log');
  const line = 'request rejected: signature_mismatch, from agent: POST /other';
  const asks = async (content) => {
    writeFileSync(log, content);
    return run(captured(), ...service, '--log', `@${log}`);
  };
  for (const content of [`first\n${line}\n\n`, `${'x'.repeat(3_000_000)}\n${line}\n`]) {
    const { code, out } = await asks(content);
    assert.equal(code, 1);
    assert.match(out, /\/other/);
  }
  const endless = await asks('x'.repeat(3_000_000));
  assert.deepEqual([endless.code, endless.out], [2, '']);
  assert.match(endless.err, /^sealwire: --log: the last line of .* has more than 1 MiB/);
  for (const [name, refused] of [
    ['--sent', await run(captured(), ...service, '--sent', '/dev/zero')],
    ['--log', await run(captured(), ...service, '--log', '@/dev/zero')],
    ['CAPTURED', await run(Buffer.alloc(17 * 1024 * 1024, 'x'), ...service)],
  ]) {
    assert.equal(refused.code, 2);
    assert.match(refused.err, new RegExp(`^sealwire: ${name}: .* has more than 16 MiB`));
  }
});
