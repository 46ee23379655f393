// Measures direct calls that sign or verify.

import { round, run } from './harness.mjs';
import * as byHand from './by-hand.mjs';
import { CLIENT, METHOD, SECRET, TARGET, incoming, ring, sealwire } from './samples.mjs';

const { Signer, Verifier } = sealwire;

export function sign(rounds) {
  const signer = new Signer({ name: CLIENT, keys: ring(), schemes: ['client'] });
  const request = { method: METHOD, url: TARGET };
  return run('node-sign', rounds, {
    sealwire: round(2000, () => sealwire.signRequest(METHOD, TARGET, SECRET, CLIENT)),
    'node:crypto': round(500, () => byHand.signRequest(METHOD, TARGET, SECRET, CLIENT)),
    'sealwire Signer': round(2000, () => signer.sign(request)),
  });
}

export function allChecks(rounds) {
  const verifier = new Verifier({ service: 'iam', keys: ring(), schemes: ['client'], replay: 'heap' });
  const check = byHand.checker(CLIENT, SECRET);
  const fresh = () => incoming(byHand.signRequest(METHOD, TARGET, SECRET, CLIENT));
  const subjects = {
    sealwire: round(
      500,
      ({ method, originalUrl, rawHeaders }) =>
        verifier.verify({ method, url: originalUrl, headers: rawHeaders }),
      fresh,
    ),
    'node:crypto + lru-cache': round(500, (request) => passed(check(request)), fresh),
  };
  for (let live = 0; live < 5_000; live += 500) Object.values(subjects).forEach((fill) => fill());
  return run('node-all-checks', rounds, subjects);
}

function passed(reason) {
  if (reason !== undefined) throw new Error(reason);
}
