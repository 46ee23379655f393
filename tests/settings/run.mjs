// Reads invalid settings from the standard input, tries to construct the objects, and prints the error
// messages as JSON. An entry is null if there was no error.

import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const require = createRequire(new URL('../../bindings-node/index.js', import.meta.url));
const {
  ConnectionString,
  KeyRing,
  Modes,
  ReplayTable,
  Signer,
  Verifier,
  configuration,
} = require('./index.js');
const { hmacAuth, mountHmacAuth } = require('./express.js');
const { hmacAuthHook } = require('./fastify.js');
const { signAxios, signedFetch, signGot, signingInterceptor } = require('./fetch.js');
const h3 = require('./h3.js');
const { Metrics } = require('./metrics.js');
const { redisStore } = require('./redis.js');
const { env, google, load, loadModes, Reloader, vault } = require('./secrets.js');
const web = require('./web.js');
const prometheus = require('prom-client');

const SECRET = 'a test secret of thirty-two bytes.';
const keys = new KeyRing({ clients: { cli: SECRET }, issuer: SECRET });
const pairs = new KeyRing({ pairs: { 'agent/practices': Uint8Array.from(Array(32).keys()) } });
const agent = new Signer({ name: 'agent', keys: pairs });
const signer = new Signer({ name: 'cli', keys, schemes: ['client'] });
const one = { clientId: 'cli', sharedSecret: SECRET, replay: 'heap' };
const redis = { sendCommand: async () => 'OK' };

const OBJECTS = {
  'Metrics class': class Metrics {},
  'KeyRing class': KeyRing,
  Map: new Map(),
  Modes: new Modes(),
  'Modes class': Modes,
  NaN: NaN,
  'ReplayTable class': ReplayTable,
  'env function': env,
  infinity: Infinity,
  undefined: undefined,
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
  modes_log: (settings) => new Modes({}, settings),
  fastify: (settings) => hmacAuthHook({ ...one, ...settings }),
  web: (settings) => web.hmacAuth({ ...one, ...settings }),
  h3: (settings) => h3.hmacAuthMiddleware({ ...one, ...settings }),
  mount: (settings) => mountHmacAuth({ use() {} }, { service: { Hmac: one } }, settings),
  pair_fetch: (settings) => signedFetch(agent, settings),
  interceptor: (settings) => signingInterceptor(signer, settings),
  axios: (settings) => signAxios({ create() {}, interceptors: { request: { use() {} } } }, signer, settings),
  got: (settings) => signGot({ extend() {} }, signer, settings),
  from_env: (settings) => KeyRing.fromEnv('practices', settings),
  mapped_at: ({ path }) => ReplayTable.mapped(path),
  load: (settings) => load('missing.toml', settings),
  load_modes: (settings) => loadModes('missing.toml', settings),
  vault: (settings) => vault({ read() {} }, settings),
  google: (settings) => google({ accessSecretVersion() {} }, settings),
  metrics: (settings) => new Metrics({ register: new prometheus.Registry(), ...settings }),
  watch: (settings) => new Metrics({ register: new prometheus.Registry() }).watch(settings),
  token: (settings) => ConnectionString.issue(keys, settings),
  token_check: (settings) => ConnectionString.verify(keys, 'token', settings),
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
    return error.code?.startsWith('SEALWIRE_') ? error.message : `not a Sealwire error: ${error.name}`;
  }
}

let input = '';
for await (const chunk of process.stdin) input += chunk;
const messages = [];
for (const each of JSON.parse(input)) messages.push(await message(each));
process.stdout.write(JSON.stringify(messages));
