'use strict';

const assert = require('node:assert/strict');
const { randomBytes, randomUUID } = require('node:crypto');
const { test } = require('node:test');
const { Cluster, Redis } = require('ioredis');
const prom = require('prom-client');
const { createClient, createCluster } = require('redis');

const { KeyRing, Verifier } = require('..');
const { hmacAuth } = require('../express.js');
const { Metrics } = require('../metrics.js');
const { redisStore } = require('../redis.js');
const { CLIENT, SECRET, plainHeaders } = require('./support/plain.js');
const { withCluster, withRedis } = require('./support/redis.js');
const { send, serving } = require('./support/serve.js');

const KEYS = new KeyRing({ clients: { [CLIENT]: SECRET } });

const CLIENTS = {
  redis: async (port) => {
    const client = createClient({ url: `redis://127.0.0.1:${port}` });
    client.on('error', () => {});
    await client.connect();
    return { client, quit: () => client.destroy() };
  },
  ioredis: async (port) => {
    const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null });
    client.on('error', () => {});
    return { client, quit: () => client.disconnect() };
  },
};

const guarded = (config) => {
  const guard = hmacAuth(config);
  return (req, res) => guard(req, res, () => res.end('in'));
};

for (const [name, connect] of Object.entries(CLIENTS)) {
  test(`two services with one ${name} store accept a request once`, async () => {
    await withRedis(async (port) => {
      const { client, quit } = await connect(port);
      const service = () => guarded({ keys: KEYS, replay: redisStore(client) });
      await serving(service(), async (one) => {
        await serving(service(), async (two) => {
          const request = { path: '/x', headers: plainHeaders('GET', '/x') };
          const answers = await Promise.all([one, two, one, two].map((origin) => send(origin, request)));
          assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401, 401, 401]);
          assert.ok(answers.every(({ status, text }) => status === 200 || text === 'Replay detected'));
        });
      });
      quit();
    });
  });

  test(`${name}: a claim is stored until its request is stale, with a key that reveals nothing`, async () => {
    await withRedis(async (port) => {
      const { client, quit } = await connect(port);
      const verifier = new Verifier({
        keys: KEYS,
        schemes: ['client'],
        replay: redisStore(client, { prefix: 'p:' }),
      });
      const headers = plainHeaders('GET', '/x');
      const { sender } = await verifier.verifyAsync({ method: 'GET', url: '/x', headers });
      assert.equal(sender, CLIENT);
      const [key] = await client.keys('*');
      assert.match(key, /^p:[0-9a-f]{64}$/);
      const ttl = name === 'redis' ? await client.pTTL(key) : await client.pttl(key);
      assert.ok(ttl > 300_000 && ttl <= 306_000, String(ttl));
      quit();
    });
  });

  test(`${name}: if the server does not respond, requests are rejected with 503 within the timeout`, async () => {
    await withRedis(async (port, server) => {
      const { client, quit } = await connect(port);
      const errors = [];
      const replay = redisStore(client, { timeoutMs: 100, onError: (error) => errors.push(error) });
      await serving(guarded({ keys: KEYS, replay }), async (origin) => {
        const ask = () => send(origin, { path: '/x', headers: plainHeaders('GET', '/x') });
        assert.equal((await ask()).status, 200);
        process.kill(server.pid, 'SIGSTOP');
        const started = performance.now();
        const answer = await ask();
        assert.deepEqual([answer.status, answer.text], [503, 'Replay store unavailable']);
        assert.ok(performance.now() - started < 2_000);
        assert.equal(errors[0].code, 'SEALWIRE_REPLAY');
        process.kill(server.pid, 'SIGCONT');
        assert.equal((await ask()).status, 200, 'and recovers');
      });
      quit();
    });
  });
}

const CLUSTERS = {
  redis: async ([port]) => {
    const client = createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${port}` }] });
    client.on('error', () => {});
    await client.connect();
    return { client, quit: () => client.destroy() };
  },
  ioredis: async ([port]) => {
    const client = new Cluster([{ host: '127.0.0.1', port }]);
    client.on('error', () => {});
    return { client, quit: () => client.disconnect() };
  },
};

test('in a cluster each claim is sent to the server of its key', { timeout: 60_000 }, async (t) => {
  await withCluster(async (ports) => {
    for (const connect of Object.values(CLUSTERS)) {
      const { client, quit } = await connect(ports);
      const prefix = randomUUID();
      t.after(quit);
      const stores = [redisStore(client, { prefix }), redisStore(client, { prefix })];
      const keys = Array.from({ length: 40 }, () => randomBytes(32).toString('hex'));
      const soon = Date.now() + 60_000;
      for (const [store, first] of [
        [stores[0], true],
        [stores[1], false],
      ]) {
        const claims = await Promise.all(keys.map((key) => store.claim(key, soon)));
        assert.deepEqual(new Set(claims), new Set([first]));
        assert.equal(store.errors, 0);
      }
    }
  });
});

test('a rejected request claims nothing', async () => {
  const claimed = [];
  const replay = { claim: async (key) => claimed.push(key) > 0 };
  const verifier = new Verifier({ keys: KEYS, schemes: ['client'], replay });
  const headers = plainHeaders('GET', '/y');
  await assert.rejects(verifier.verifyAsync({ method: 'GET', url: '/x', headers }), {
    code: 'signature_mismatch',
  });
  assert.deepEqual(claimed, []);
});

test('a store result other than true or false rejects the request', async () => {
  for (const reply of ['OK', 1, null, undefined]) {
    const verifier = new Verifier({ keys: KEYS, schemes: ['client'], replay: { claim: async () => reply } });
    const request = { method: 'GET', url: '/x', headers: plainHeaders('GET', '/x') };
    await assert.rejects(verifier.verifyAsync(request), { code: 'replay_store_unavailable', status: 503 });
  }
});

test('a synchronous verify with a shared store is an error that explains the alternative', () => {
  const verifier = new Verifier({ keys: KEYS, schemes: ['client'], replay: { claim: async () => true } });
  assert.throws(() => verifier.verify({ method: 'GET', url: '/x' }), {
    code: 'SEALWIRE_CONFIG',
    message: /verifyAsync/,
  });
  assert.throws(() => redisStore({}), { code: 'SEALWIRE_CONFIG' });
});

test('with fallBack this process decides while the server does not respond, and counts it', async () => {
  const silent = { call: () => new Promise(() => {}) };
  const errors = [];
  const store = redisStore(silent, { timeoutMs: 20, fallBack: true, onError: (error) => errors.push(error) });
  const soon = Date.now() + 60_000;
  assert.equal(await store.claim('a'.repeat(64), soon), true);
  assert.equal(await store.claim('a'.repeat(64), soon), false);
  assert.equal(await store.claim('b'.repeat(64), soon), true);
  assert.deepEqual([store.errors, store.fallbacks, errors.length], [2, 2, 2]);
});

for (const fallBack of [false, true]) {
  test(`metrics report the latency and failures of the store, fallBack ${fallBack}`, async () => {
    const register = new prom.Registry();
    const metrics = new Metrics({ client: prom, register });
    let answers = true;
    const call = () => (answers ? Promise.resolve('OK') : Promise.reject(new Error('down')));
    const store = redisStore({ call }, { fallBack, metrics });
    const soon = Date.now() + 60_000;
    const counted = async () => {
      const text = await register.metrics();
      const value = (name) => Number(text.match(RegExp(`^hmac_auth_replay_store_${name} (.*)$`, 'm'))[1]);
      return ['latency_seconds_count', 'errors_total', 'fallbacks_total', 'near_hits_total'].map(value);
    };
    assert.deepEqual(await counted(), [0, 0, 0, 0], 'each exists before its first event');
    for (const key of ['a', 'a', 'b']) await store.claim(key.repeat(64), soon);
    assert.deepEqual(await counted(), [2, 0, 0, 1]);
    answers = false;
    if (fallBack) assert.equal(await store.claim('c'.repeat(64), soon), true);
    else await assert.rejects(store.claim('c'.repeat(64), soon), { message: 'down' });
    assert.deepEqual(await counted(), [3, 1, Number(fallBack), 1]);
    assert.deepEqual([store.errors, store.fallbacks, store.nearHits], [1, Number(fallBack), 1]);
  });
}

test('gauges require a table and reject a store with advice', () => {
  const metrics = new Metrics({ client: prom, register: new prom.Registry() });
  const replay = redisStore({ call: async () => 'OK' });
  assert.throws(() => metrics.watch({ replay }), {
    code: 'SEALWIRE_CONFIG',
    message: /pass `metrics` to the store/,
  });
});

test('a replay to the same process needs no round trip', async () => {
  let asked = 0;
  const counting = { call: async (name, key) => ((asked += name === 'SET' && !key.includes('trial')), 'OK') };
  const store = redisStore(counting);
  const soon = Date.now() + 60_000;
  assert.equal(await store.claim('c'.repeat(64), soon), true);
  assert.equal(await store.claim('c'.repeat(64), soon), false);
  assert.equal(asked, 1);
});

const soon = () => Date.now() + 60_000;
const claimKey = () => randomBytes(32).toString('hex');

// The connection is not awaited, because a client that cannot authenticate never connects.
const CONNECTING = {
  redis: (port, options) => {
    const client = createClient({ url: `redis://127.0.0.1:${port}`, ...options });
    client.on('error', () => {});
    client.connect().catch(() => {});
    return { client, quit: () => client.destroy() };
  },
  ioredis: (port, options) => {
    const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null, ...options });
    client.on('error', () => {});
    return { client, quit: () => client.disconnect() };
  },
};

const REFUSING = {
  'evicts keys': {
    flags: ['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'],
    told: /allkeys-lru/,
  },
  'has another password': {
    flags: ['--requirepass', 'right'],
    options: { password: 'wrong' },
    told: /user or the password/,
  },
  'wants a password': { flags: ['--requirepass', 'right'], told: /user or the password/ },
  'does not permit SET': {
    flags: ['--user', 'default', 'on', 'nopass', '+@all', '-set', '~*'],
    told: /~sealwire:replay:\*/,
  },
  'is a replica': { flags: ['--replicaof', '127.0.0.1', '1'], told: /read-only replica/ },
};

for (const [name, connect] of Object.entries(CONNECTING)) {
  for (const [what, { flags, options, told }] of Object.entries(REFUSING)) {
    test(`${name}: a server that ${what} is reported as a fault, and fallBack does not apply`, async () => {
      await withRedis(async (port) => {
        const { client, quit } = connect(port, options);
        const reported = [];
        const store = redisStore(client, {
          fallBack: true,
          timeoutMs: 200,
          onError: (error) => reported.push(error.message),
        });
        await assert.rejects(store.check(), { code: 'SEALWIRE_CONFIG', message: told });
        await assert.rejects(store.claim(claimKey(), soon()), { message: told });
        assert.equal(store.fallbacks, 0);
        assert.ok(reported.some((message) => told.test(message) && !message.includes('wrong')));
        quit();
      }, flags);
    });
  }
}

test('a server that evicts keys can be accepted explicitly', async () => {
  await withRedis(
    async (port) => {
      const { client, quit } = await CLIENTS.ioredis(port);
      const store = redisStore(client, { allowEviction: true });
      await store.check();
      assert.equal(await store.claim(claimKey(), soon()), true);
      quit();
    },
    ['--maxmemory-policy', 'allkeys-lru'],
  );
});

test('a primary that becomes a replica is not an outage, and is used again afterwards', async () => {
  await withRedis(async (port) => {
    const { client, quit } = await CLIENTS.ioredis(port);
    const store = redisStore(client, { fallBack: true });
    assert.equal(await store.claim(claimKey(), soon()), true);
    await client.call('REPLICAOF', '127.0.0.1', '1');
    await assert.rejects(store.claim(claimKey(), soon()), { message: /read-only replica/ });
    assert.deepEqual([store.faults, store.fallbacks], [1, 0]);
    await client.call('REPLICAOF', 'NO', 'ONE');
    assert.equal(await store.claim(claimKey(), soon()), true);
    quit();
  });
});

for (const aheadMs of [-3_600_000, 3_600_000]) {
  test(`a clock that differs from the server's by ${aheadMs} ms changes nothing but a warning`, async (t) => {
    await withRedis(async (port) => {
      const { client, quit } = await CLIENTS.ioredis(port);
      const real = Date.now;
      t.mock.method(Date, 'now', () => real() + aheadMs);
      const [store, another] = [redisStore(client), redisStore(client)];
      const [key, expires] = [claimKey(), soon()];
      assert.equal(await store.claim(key, expires), true);
      assert.equal(await another.claim(key, expires), false);
      t.mock.restoreAll();
      const ttl = await client.pttl(`sealwire:replay:${key}`);
      assert.ok(ttl > 60_000 && ttl <= 65_000, String(ttl));
      quit();
    });
  });
}

test('a misspelt setting of a store is an error', () => {
  assert.throws(() => redisStore({ call: async () => 'OK' }, { fallback: true }), {
    code: 'SEALWIRE_CONFIG',
    message: /fallback: no such setting/,
  });
});
