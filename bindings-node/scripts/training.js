'use strict';

// A typical workload for profile-guided optimisation. scripts/build-node-release runs it with an instrumented addon.
//
// The workload contains many kinds of requests, including rejected ones, so that the addon is optimised for typical use and not
// for the benchmarks.

const { hmacAuth } = require('../express.js');
const { ConnectionString, KeyRing, ReplayTable, Signer, Verifier, signRequest } = require('../index.js');

const TURNS = 6000;
const SECRET = 'a secret for training: 32 bytes or more';
const BODIES = ['', '{}', '{"query": "{ practices { id } }"}', 'x'.repeat(256)].map((text) =>
  Buffer.from(text),
);
const LARGE = Buffer.alloc(3000, 'x'); // used for only a few requests, because hashing would otherwise dominate the profile
const TARGETS = ['/', '/items/7', '/entries/caf%C3%A9?draft=1', '/auth/user/refresh?page=2&size=50'];
const METHODS = ['GET', 'POST', 'PUT'];
const SCHEMES = [['message'], ['pairwise'], ['client'], ['message', 'pairwise']];
const OTHERS = {
  host: 'practices.test',
  'user-agent': 'training/1',
  accept: 'application/json',
  'content-type': 'application/json',
  'x-forwarded-for': '10.0.0.7',
};

const pick = (list, turn) => list[turn % list.length];

function main() {
  const keys = new KeyRing({
    pairs: { 'agent/practices': Buffer.from(SECRET).toString('base64') },
    clients: { agent: SECRET },
    issuer: SECRET,
  });
  for (const schemes of SCHEMES) requests(keys, schemes);
  middleware();
  tokens(keys);
}

// Signs and verifies requests with all kinds of bodies. Some of the requests are rejected.
function requests(keys, schemes) {
  const replay = ReplayTable.heap({ slots: TURNS * 8, acceptOlder: true });
  const verifier = new Verifier({ service: 'practices', keys, schemes, replay });
  const signer = new Signer({ name: 'agent', keys, schemes, receiver: 'practices' });
  for (let turn = 0; turn < TURNS; turn += 1) {
    const [method, target] = [pick(METHODS, turn), pick(TARGETS, turn >> 2)];
    const body = turn % 50 === 0 ? LARGE : pick(BODIES, turn >> 4);
    const url = `https://practices.test${target}`;
    const own = signer.sign({ method, url, body, userId: turn % 3 === 0 ? 'ada' : undefined });
    const request = { method, url: target, headers: { ...OTHERS, ...own }, body };
    verifier.verify(request);
    if (turn % 50 !== 0) continue;
    refused(() => verifier.verify({ ...request, body: Buffer.from('another') }));
    refused(() => verifier.verify({ ...request, headers: OTHERS }));
    refused(() => verifier.verify(request));
  }
}

function refused(verify) {
  try {
    verify();
  } catch (error) {
    if (error.code === undefined) throw error;
  }
}

// Verifies requests with the Express middleware.
function middleware() {
  const guard = hmacAuth({ clientId: 'agent', sharedSecret: SECRET, replay: 'heap' });
  const response = { hasHeader: () => false, setHeader() {}, end() {} };
  for (let turn = 0; turn < TURNS; turn += 1) {
    const [method, url] = [pick(METHODS, turn), pick(TARGETS, turn >> 2)];
    const headers = { ...OTHERS, ...signRequest(method, url, SECRET, 'agent') };
    guard(
      {
        method,
        url,
        originalUrl: url,
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
        ),
        rawHeaders: Object.entries(headers).flat(),
        socket: { remoteAddress: '10.0.0.7' },
      },
      response,
      () => {},
    );
  }
}

// Issues a connection string and verifies it many times.
function tokens(keys) {
  const parts = {
    account: '11111111-2222-4333-8444-555555555555',
    expires: new Date('2100-01-01T00:00:00Z'),
  };
  const token = ConnectionString.issue(keys, parts);
  for (let turn = 0; turn < TURNS; turn += 1) ConnectionString.verify(keys, token);
}

main();
