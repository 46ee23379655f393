'use strict';

// Tests that a misspelt or invalid setting causes an error when an object is created, and that the error message contains the
// correct name.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');

const { configuration, KeyRing, Modes, ReplayTable, Signer, Verifier } = require('..');
const { hmacAuth, mountHmacAuth } = require('../express.js');
const fetching = require('../fetch.js');
const { redisStore } = require('../redis.js');
const { Reloader, StatusFile } = require('../secrets.js');
const { CLIENT, SECRET } = require('./support/plain.js');

const keys = new KeyRing({ clients: { [CLIENT]: SECRET } });
const CREDENTIALS = { clientId: CLIENT, sharedSecret: SECRET };
const redis = { call: async () => 'OK' };
const server = (settings) => () => configuration({ server: settings });
const mounted = (config) => () => mountHmacAuth({ use() {} }, config);

// Each entry contains a function that uses an invalid setting, and a pattern for the error message.
const MISTAKES = [
  [() => new Signer({ name: 'a', keys, shcemes: ['client'] }), /shcemes.*did you mean schemes/],
  [() => new Signer({ name: 'a', keys, coverField: ['x'] }), /coverField.*did you mean coverFields/],
  [() => new Signer({ name: '', keys }), /name/],
  [() => new Signer({ name: 'a', keys: {} }), /keys.*KeyRing/],
  [() => new Signer({ name: 'a', keys, schemes: 'client' }), /schemes.*list/],
  [() => new Signer({ name: 'a', keys, schemes: ['clinet'] }), /schemes.*client/],
  [() => new Signer({ name: 'a', keys, ignoreAuthority: 'yes' }), /ignoreAuthority.*true or false/],
  [() => new Signer(), /new Signer\(\)/],
  [() => new KeyRing({ client: {} }), /client.*did you mean clients/],
  [() => new KeyRing({ pair: {} }), /pair.*did you mean pairs/],
  [
    () => new KeyRing({ clients: { a: { primary: 1, version: { 1: SECRET } } } }),
    /entry a.*version.*versions/,
  ],
  [() => new KeyRing({ clients: { a: { primry: 1, versions: { 1: SECRET } } } }), /entry a.*primry.*primary/],
  [() => keys.replace({ client: {} }), /client.*did you mean clients/],
  [() => KeyRing.fromEnv('a', { enviroment: {} }), /enviroment/],
  [() => KeyRing.fromEnv('a', { allowWaek: true }), /allowWaek.*allowWeak/],
  [() => new KeyRing(), /new KeyRing\(\)/],
  [() => ReplayTable.heap({ requestPerSecond: 1 }), /requestPerSecond.*requestsPerSecond/],
  [() => ReplayTable.heap({ slots: '8' }), /slots/],
  [() => ReplayTable.heap({ acceptOlder: 1 }), /acceptOlder.*true or false/],
  [() => ReplayTable.near({ slot: 8 }), /slot.*slots/],
  [() => ReplayTable.mapped('./x', { acceptolder: true }), /acceptolder.*acceptOlder/],
  [() => ReplayTable.mapped('./x', { sharedAs: 'a' }), /sharedAs/],
  [() => redisStore(redis, { timeout: 1 }), /timeout.*timeoutMs/],
  [() => redisStore(redis, { timeoutMs: 0 }), /timeoutMs/],
  [() => redisStore(redis, { fallback: 'yes' }), /fallback.*fallBack/],
  [() => new Reloader(keys, () => ({}), { every: 1 }), /every.*everyMs/],
  [() => new Reloader(keys, () => ({}), { everyMs: 0 }), /everyMs/],
  [() => new Reloader(keys, () => ({}), { everyMs: 2 ** 31 }), /everyMs/],
  ...[0, -1, 1.5, NaN, Infinity, 2 ** 31, '5', null].map((everyMs) => [
    () => new StatusFile(keys, '/nowhere', 'practices').start(everyMs),
    /^everyMs: .* from 1 to 2147483647/,
  ]),
  [() => new Reloader(keys, () => ({}), { logger: { log() {} } }), /logger.*info and error/],
  [() => new Reloader(keys), /function that loads/],
  [() => new Reloader(undefined, () => ({})), /KeyRing or Modes/],
  [() => new Modes({ senders: { a: null } }), /senders\.a/],
  [() => new KeyRing({ clients: { a: { primary: 1, versions: [null] } } }), /entry a/],
  [() => new Reloader(keys, () => ({}), { path: ['a', null] }), /^path: /],
  [() => hmacAuth({ ...CREDENTIALS, senders: { a: { methods: null } } }), /senders\.a.*methods/],
  [() => hmacAuth({ ...CREDENTIALS, senders: { a: null } }), /senders/],
  [() => new Modes({ mod: 'observe' }), /mod/],
  [() => fetching.signedFetch(CREDENTIALS, { verifyAnswer: true }), /verifyAnswer.*verifyResponses/],
  [() => fetching.signedFetch(CREDENTIALS, { orgins: [] }), /orgins.*origins/],
  [() => fetching.signedFetch(CREDENTIALS, { baseUrl: 'http://a.test' }), /baseUrl.*base/],
  [() => fetching.signedFetch(CREDENTIALS, { userID: 'u' }), /userID.*userId/],
  [() => fetching.signedFetch({ clientID: CLIENT, sharedSecret: SECRET }), /clientID.*clientId/],
  [() => fetching.signedFetch(CREDENTIALS, { base: '/relative' }), /base.*URL/],
  [() => fetching.signingInterceptor(CREDENTIALS, { origin: 'http://a.test' }), /origin.*origins/],
  [() => fetching.signingInterceptor(CREDENTIALS, { verifyResponses: true }), /verifyResponses/],
  [() => fetching.signGot({}, CREDENTIALS, { recever: 'x' }), /recever.*receiver/],
  [() => fetching.gotSigner(CREDENTIALS, { origins: 'http://a.test' }), /origins.*list/],
  [server({ hmac: { enableHMAC: true, ...CREDENTIALS } }), /enableHMAC.*enableHmac/],
  [server({ hmac: { enableHmac: 'true', ...CREDENTIALS } }), /enableHmac.*true or false/],
  [server({ hmac: { enableHmac: true, clientID: CLIENT, sharedSecret: SECRET } }), /clientID.*clientId/],
  [server({ Hmac: { enableHmac: true, ...CREDENTIALS } }), /Hmac.*did you mean hmac/],
  [server({ authLocation: {} }), /authLocation.*auth_location/],
  [server({ ssl: { enableSsl: true } }), /enableSsl.*enableSSL/],
  [() => configuration({ sever: {} }), /sever.*server/],
  [() => configuration({ service: { hmac: {} } }), /hmac.*Hmac/],
  [() => new Verifier({ keys, schemes: ['client'], replay: 'heep' }), /replay/],
  [
    () => new Verifier({ keys, schemes: ['client'], senders: { c: { pathPrefix: ['/a'] } } }),
    /pathPrefix.*pathPrefixes/,
  ],
  [() => hmacAuth({ ...CREDENTIALS, maxClockskew: 1 }), /maxClockskew.*maxClockSkew/],
  [() => hmacAuth({ ...CREDENTIALS, logger: { log() {} } }), /logger.*info and warn/],
  [() => hmacAuth({ ...CREDENTIALS, replay: 'heep' }), /replay/],
  [() => hmacAuth({ ...CREDENTIALS, clients: { other: SECRET } }), /clientId.*clients/],
  [() => hmacAuth({ ...CREDENTIALS, keys }), /clientId.*keys/],
  [() => hmacAuth({ clients: { other: SECRET }, keys }), /clients.*keys/],
  [() => hmacAuth({ sharedSecret: SECRET, clients: { other: SECRET } }), /sharedSecret.*clients/],
  [() => hmacAuth(), /hmacAuth/],
  [() => hmacAuth(CLIENT, SECRET), /hmacAuth/],
  [mounted({ service: { hmac: CREDENTIALS } }), /hmac.*Hmac/],
  [mounted({ Service: { Hmac: CREDENTIALS } }), /Service.*service/],
];

// For each constructor, the names of settings that must not be null or an array with holes.
const CONSTRUCTORS = [
  [
    (settings) => hmacAuth({ service: 'a', keys, replay: 'heap', authorities: 'any', ...settings }),
    'service keys lookUpKeys lookUpTtlMs allowWeak verifier maxClockSkew observeOnly localHealthCheck skip onReject logger ' +
      'replay metrics signResponses maxSignedResponseBytes oversizeResponses unsignedResponsePaths bodyTimeoutMs schemes ' +
      'mode modes clock pastMs futureMs maxBodyBytes authorities scheme rootPath ignoreAuthority requireFields ' +
      'trustUnsignedUserId claimPairwise listedSendersOnly senders exemptPaths maxSenderShare',
  ],
  [(settings) => hmacAuth({ ...CREDENTIALS, replay: 'heap', ...settings }), 'clientId sharedSecret clients'],
  [
    (settings) => new Verifier({ service: 'a', keys, replay: 'heap', ...settings }),
    'service keys replay schemes mode modes clock pastMs futureMs maxBodyBytes authorities senders exemptPaths',
  ],
  [
    (settings) => new Signer({ name: CLIENT, keys, ...settings }),
    'name keys schemes coverFields ignoreAuthority receiver clock',
  ],
  [(settings) => new KeyRing(settings), 'clients pairs issuer env service allowWeak'],
  [(settings) => KeyRing.fromEnv('a', settings), 'env allowWeak'],
  [(settings) => ReplayTable.heap(settings), 'slots requestsPerSecond windowSeconds acceptOlder sharedAs'],
  [(settings) => new Modes(settings), 'mode senders observeOnly'],
  [(settings) => new Modes({}, settings), 'logger'],
  [(settings) => redisStore(redis, settings), 'prefix timeoutMs near fallBack allowEviction onError metrics'],
  [(settings) => new Reloader(keys, () => ({}), settings), 'path everyMs signal logger'],
  [
    (settings) => fetching.signedFetch(CREDENTIALS, settings),
    'origins receiver userId base verifyResponses fetch',
  ],
  [(settings) => fetching.signedFetch({ ...CREDENTIALS, ...settings }), 'clientId sharedSecret'],
  [
    (settings) => configuration({ server: { hmac: { enableHmac: true, ...CREDENTIALS, ...settings } } }),
    'enableHmac clientId sharedSecret stable',
  ],
];
const HOLES = new Array(2);
HOLES[1] = '/a';

describe('null is not a valid value, and does not mean that a setting is unset', () => {
  for (const [make, names] of CONSTRUCTORS) {
    for (const name of names.split(' ')) {
      test(`${name} of ${make.toString().slice(14, 60)}`, () => {
        const isNamed = ({ code, message }) => code === 'SEALWIRE_CONFIG' && message.startsWith(`${name}: `);
        assert.throws(() => make({ [name]: null }), isNamed);
        if (name === 'path') return; // a list of paths may have holes
        for (const list of [HOLES, [undefined], [null]]) {
          assert.throws(
            () => make({ [name]: list }),
            ({ code, message }) => code === 'SEALWIRE_CONFIG' && message.includes(name),
          );
        }
      });
    }
  }
});

describe('an invalid setting causes an error that contains its name', () => {
  for (const [make, message] of MISTAKES) {
    test(`${make.toString().slice(6, 100)}: ${message.source}`, () => {
      assert.throws(make, ({ code, message: told }) => {
        assert.match(told, message);
        return code === 'SEALWIRE_CONFIG' || code === 'SEALWIRE_KEYS';
      });
    });
  }
});

test('valid settings and settings of the application are accepted', () => {
  const config = { server: { cryptoCookiesSecret: 'x', hmac: { enableHmac: false } }, telegram: {} };
  assert.equal(configuration(config), config);
  assert.equal(mountHmacAuth({ use() {} }, { service: { port: 1 } }), false);
  assert.ok(new Verifier({ keys, schemes: ['client'], replay: 'heap' }));
});
