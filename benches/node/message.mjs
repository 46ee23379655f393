// Compares the `message` scheme with all npm packages that implement RFC 9421 with HMAC. All packages use the
// same components, key id, nonce and tag, and are used as their README describes. The fastest package is the
// reference.

import crypto from 'node:crypto';
import * as lto from '@ltonetwork/http-message-signatures';
import { createSignatureSync, verifySignature } from 'http-message-sig';
import { createSigner, createVerifier, httpbis } from 'http-message-signatures';
import { asyncRound, round, run } from './harness.mjs';
import { AUTHORITY, METHOD, SECRET, TARGET, URL_SIGNED, ring, sealwire } from './samples.mjs';

const COMPONENTS = ['@method', '@authority', '@path', '@query'];
const KEY_ID = 'agent/practices#1';
const ALGORITHM = 'hmac-sha256';
const TAG = 'sealwire';
const PARAMETERS = ['created', 'nonce', 'keyid', 'alg', 'tag'];
const MAX_AGE_S = 300;
const KEY = crypto.createSecretKey(SECRET, 'utf8');

const hmac = (data) => crypto.createHmac('sha256', KEY).update(data).digest();
const equal = (data, signature) => crypto.timingSafeEqual(hmac(data), signature);

// The URL has a query because one peer signs a missing query incorrectly, as an empty string.
const URL = `${URL_SIGNED}?page=2`;
const message = () => ({ method: METHOD, url: URL, headers: { Host: AUTHORITY } });

export function sign(rounds) {
  const { sealwire: own, ...peers } = signers();
  return run('node-message-sign', rounds, {
    sealwire: round(1000, own),
    ...Object.fromEntries(Object.entries(peers).map(([name, sign]) => [name, asyncRound(100, sign)])),
  });
}

export function verify(rounds) {
  const sign = signers();
  const keys = ring();
  const verifier = new sealwire.Verifier({ service: 'practices', keys, replay: 'heap' });
  const own = ({ method, headers }) => verifier.verify({ method, url: `${TARGET}?page=2`, headers });
  const prepare = () => ({ method: METHOD, headers: { host: AUTHORITY, ...sign.sealwire() } });
  return run('node-message-verify', rounds, {
    sealwire: round(500, own, prepare),
    'http-message-signatures': asyncRound(
      100,
      verifyByHttpMessageSignatures,
      sign['http-message-signatures'],
    ),
    'http-message-sig': asyncRound(100, verifyByHttpMessageSig, sign['http-message-sig']),
    '@ltonetwork/http-message-signatures': asyncRound(
      100,
      verifyByLto,
      sign['@ltonetwork/http-message-signatures'],
    ),
  });
}

function signers() {
  const signer = new sealwire.Signer({ name: 'agent', keys: ring(), receiver: 'practices' });
  const key = createSigner(KEY, ALGORITHM, KEY_ID);
  const values = () => ({ nonce: crypto.randomUUID(), tag: TAG });
  return {
    sealwire: () => signer.sign({ method: METHOD, url: URL }),
    'http-message-signatures': () =>
      httpbis.signMessage({ key, fields: COMPONENTS, params: PARAMETERS, paramValues: values() }, message()),
    'http-message-sig': () => signedByHttpMessageSig(values()),
    '@ltonetwork/http-message-signatures': () =>
      lto.sign(message(), {
        components: COMPONENTS,
        signer: { keyid: KEY_ID, alg: ALGORITHM, sign: hmac },
        ...values(),
      }),
  };
}

function signedByHttpMessageSig(values) {
  const descriptor = { kind: 'request', method: METHOD, targetUri: URL, fields: [] };
  const created = Math.floor(Date.now() / 1000);
  const { signature, signatureInput } = createSignatureSync(descriptor, {
    label: 'sealwire',
    components: COMPONENTS,
    parameters: { created, nonce: values.nonce, keyid: KEY_ID, alg: ALGORITHM, tag: TAG },
    signer: { algorithm: ALGORITHM, sign: hmac },
  });
  const fields = [
    { name: 'signature', value: signature },
    { name: 'signature-input', value: signatureInput },
  ];
  return { ...descriptor, fields };
}

const verifiers = new Map([
  [KEY_ID, { id: KEY_ID, algs: [ALGORITHM], verify: createVerifier(KEY, ALGORITHM) }],
]);

async function verifyByHttpMessageSignatures(signed) {
  const verified = await httpbis.verifyMessage(
    {
      keyLookup: ({ keyid }) => verifiers.get(keyid),
      maxAge: MAX_AGE_S,
      requiredParams: PARAMETERS,
      requiredFields: COMPONENTS,
    },
    signed,
  );
  if (verified !== true) throw new Error('http-message-signatures rejected a valid request');
}

const verifier = { algorithm: ALGORITHM, verify: equal };
const policy = {
  algorithms: [ALGORITHM],
  requiredComponents: COMPONENTS,
  requiredParameters: PARAMETERS,
  maxAge: MAX_AGE_S,
  clockSkew: 5,
};

const verifyByHttpMessageSig = (signed) =>
  verifySignature(signed, { policy, resolveVerifier: () => verifier });

const verifyByLto = (signed) =>
  lto.verify(signed, (data, signature, { created, keyid }) => {
    const fresh = Math.abs(Date.now() - created.getTime()) <= MAX_AGE_S * 1000;
    if (!(fresh && keyid === KEY_ID && equal(data, signature))) throw new Error('refused');
    return keyid;
  });
