// Makes the mistakes on standard input in Node and prints the error messages as JSON, with null for no error.

import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const require = createRequire(new URL('../../bindings-node/index.js', import.meta.url));
const { KeyRing, Modes, ReplayTable, Signer, Verifier, configuration } = require('./index.js');
const { hmacAuth, mountHmacAuth } = require('./express.js');
const { signedFetch } = require('./fetch.js');
const { redisStore } = require('./redis.js');
const { Reloader } = require('./secrets.js');

const SECRET = 'a test secret of thirty-two bytes.';
const keys = new KeyRing({ clients: { cli: SECRET } });
const signer = new Signer({ name: 'cli', keys, schemes: ['client'] });
const one = { clientId: 'cli', sharedSecret: SECRET, replay: 'heap' };
const redis = { sendCommand: async () => 'OK' };

const OBJECTS = {
  'Metrics class': class Metrics {},
  Modes: new Modes(),
  object: {},
  'logger with log only': { log() {} },
};

const CONSTRUCTORS = {
  server: (settings) => hmacAuth({ ...one, ...settings }),
  server_without_keys: (settings) => hmacAuth({ replay: 'heap', ...settings }),
  server_without_options: () => hmacAuth(),
  server_with_keys: (settings) => hmacAuth({ replay: 'heap', ...settings }),
  verifier: (settings) => new Verifier({ service: 'practices', keys, replay: 'heap', ...settings }),
  signer: (settings) => new Signer({ name: 'cli', keys, ...settings }),
  fetch: (settings) => signedFetch(signer, { origins: ['http://127.0.0.1:1'], ...settings }),
  key_ring: (settings) => new KeyRing(settings),
  heap: (settings) => ReplayTable.heap(settings),
  mapped: (settings) => ReplayTable.mapped(path.join(os.tmpdir(), 'sealwire-mistakes'), settings),
  redis_store: (settings) => redisStore(redis, settings),
  reloader: (settings) => new Reloader(keys, () => ({ clients: { cli: SECRET } }), settings),
  configuration: (settings) => configuration(settings),
  service: (settings) => mountHmacAuth({ use() {} }, { service: settings }),
  modes: (settings) => new Modes(settings),
  env: (settings) => new KeyRing({ service: 'practices', env: settings }),
  client_secret: ({ secret }) => new KeyRing({ clients: { cli: secret } }),
};

function resolved(value) {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.keys(value).join() === '$') return OBJECTS[value.$];
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolved(each)]));
}

async function message({ of, node }) {
  try {
    await CONSTRUCTORS[of](resolved(node));
    return null;
  } catch (error) {
    return error.code?.startsWith('SEALWIRE_') ? error.message : `not an error of Sealwire: ${error.name}`;
  }
}

let input = '';
for await (const chunk of process.stdin) input += chunk;
const messages = [];
for (const each of JSON.parse(input)) messages.push(await message(each));
process.stdout.write(JSON.stringify(messages));
