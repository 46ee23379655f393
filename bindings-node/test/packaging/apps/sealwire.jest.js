/* global expect, jest, test -- Jest defines these */
// Runs in Jest's node and jsdom environments. In these environments, Node.js Buffers come from another realm.

const http = require('node:http');

const SECRET = '0123456789abcdef0123456789abcdef';

async function post(server, signer) {
  const url = `http://127.0.0.1:${server.address().port}/x`;
  const headers = signer.sign({ method: 'POST', url, body: Buffer.from('hi') });
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk)).on('end', () => resolve(text));
    });
    request.on('error', reject).end('hi');
  });
}

for (const isReset of [false, true]) {
  test(`signs and verifies, ${isReset ? 'with keys of modules before a reset' : 'with one copy'}`, async () => {
    const first = require('sealwire');
    const keys = new first.KeyRing({ clients: { a: Buffer.from(SECRET) } });
    if (isReset) jest.resetModules();
    const { ReplayTable, Signer, Verifier } = require('sealwire');
    const signer = new Signer({ name: 'a', keys, receiver: 's' });
    const replay = ReplayTable.heap({ acceptOlder: true });
    const verifier = new Verifier({ keys, service: 's', authorities: 'any', replay });
    const unsigned = { method: 'GET', url: 'http://a.test/', headers: {} };
    expect(() => verifier.verify(unsigned)).toThrow(first.RejectedError);
    const guard = require('sealwire/express').hmacAuth({ verifier });
    const server = http.createServer((req, res) => guard(req, res, () => res.end(req.rawBody)));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    expect(await post(server, signer)).toBe('hi');
    server.close();
    server.closeAllConnections();
  });
}

test('fake timers are the time of signers and verifiers', () => {
  const { KeyRing, Signer, Verifier } = require('sealwire');
  const keys = new KeyRing({ clients: { a: SECRET } });
  const clock = () => Date.now();
  const signer = new Signer({ name: 'a', keys, clock });
  const verifier = new Verifier({ keys, service: 's', authorities: 'any', replay: 'heap', clock });
  jest.useFakeTimers({ now: Date.UTC(2031, 4, 1) });
  try {
    const url = 'http://a.test/';
    const request = { method: 'GET', url, headers: signer.sign({ method: 'GET', url }) };
    expect(verifier.verify(request).ageMs).toBe(0);
    jest.advanceTimersByTime(301_000);
    expect(() => verifier.verify(request)).toThrow('stale_timestamp');
  } finally {
    jest.useRealTimers();
  }
});

test.each(['fastify', 'fetch', 'h3', 'metrics', 'redis', 'secrets', 'web'])('loads sealwire/%s', (name) => {
  expect(Object.keys(require(`sealwire/${name}`))).not.toEqual([]);
});
