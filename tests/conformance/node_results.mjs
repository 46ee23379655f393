// Runs the shared test vectors with the Node.js package or with its edge-runtime build. See run.py.

import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';

// The package under test, and internal functions that some test vectors use.
let sealwire, joinHead, splitUrl, native;

// Yields the lines for the test cases in a vector file.
export async function* results(tested, stem, cases) {
  ({ sealwire, joinHead, splitUrl, native } = tested);
  for (const each of cases) {
    const name = `${stem}:${each.name}`;
    if (each.verifier) yield* verifiedLines(name, each);
    else {
      const print = printer(each);
      const line = print?.(each);
      if (line) yield `${name} ${line}`;
    }
  }
}

// Returns the function that runs a test case. Each kind of test case has a field that no other kind has.
// Returns undefined if the package does not support this kind.
function printer(each) {
  if (each.algorithm || each.signature_input) return undefined;
  const kind = Object.keys(KINDS).find((field) => each[field] !== undefined);
  return KINDS[kind] ?? resultOfRing;
}

const KINDS = {
  probe,
  exempt,
  url: split,
  explain: explained,
  sign: signed,
  issue: issued,
  token,
  sign_response: resultOfSignResponse,
  verify_response: resultOfVerifyResponse,
};

function split({ url }) {
  try {
    const { scheme, authority, target } = splitUrl(url);
    return `url ${scheme} ${authority} ${target}`;
  } catch (error) {
    if (error.code !== 'SEALWIRE_SIGN') throw error;
    return 'refused';
  }
}

function explained(each) {
  if (sealwire.explain === undefined) return undefined;
  let found;
  try {
    found = sealwire.explain({ ...each.explain, keys: ring(each) });
  } catch (error) {
    if (error.code !== 'SEALWIRE_CONFIG') throw error;
    return 'refused';
  }
  const { outcome, exitCode, reason, culprit, checks } = found;
  const results = checks.map(({ result }) => result).join(',') || '-';
  return `explained ${outcome} exit=${exitCode} reason=${reason ?? '-'} culprit=${culprit ?? '-'} checks=${results}`;
}

// Key rings

function ring({ keys }) {
  const named = (entries, name) => Object.fromEntries(entries.map((entry) => [name(entry), keySet(entry)]));
  return new sealwire.KeyRing({
    pairs: named(keys.pairs, ({ names }) => names.join('/')),
    clients: named(keys.clients, ({ id }) => id),
    issuer: keys.issuer && keySet(keys.issuer),
    allowWeak: keys.allow_weak,
  });
}

// Returns the key set of an entry. Pair secrets are Base64, and other secrets are UTF-8 text.
function keySet({ primary, versions }) {
  const numbered = versions.map((it) => [it.version, it.secret_base64 ?? it.secret]);
  return { primary, versions: Object.fromEntries(numbered) };
}

function resultOfRing(each) {
  try {
    ring(each);
    return 'valid';
  } catch (error) {
    if (error.code !== 'SEALWIRE_KEYS') throw error;
    // The names of settings differ between languages. The test vectors use the Rust names.
    return `invalid ${error.message.replace('allowWeak', 'allow_weak')}`;
  }
}

// Requests

async function* verifiedLines(name, each) {
  const verifier = makeVerifier(each);
  if (!each.steps) return yield `${name} ${await verified(verifier, each)}`;
  for (const [at, step] of each.steps.entries()) {
    yield `${name}:${at + 1} ${await verified(verifier, step)}`;
  }
}

function makeVerifier(each) {
  const { replay, past_s, future_s, max_clock_skew_ms, ...asked } = each.verifier;
  const milliseconds = (seconds) => (seconds === undefined ? undefined : seconds * 1000);
  return new sealwire.Verifier({
    keys: ring(each),
    replay: home(replay),
    service: asked.service,
    schemes: asked.schemes,
    mode: asked.mode,
    pastMs: max_clock_skew_ms ?? milliseconds(past_s),
    futureMs: max_clock_skew_ms ?? milliseconds(future_s),
    maxBodyBytes: asked.max_body_bytes,
    trustUnsignedUserId: asked.trust_unsigned_user_id,
    claimPairwise: asked.claim_pairwise,
    ignoreAuthority: asked.require_authority === undefined ? undefined : !asked.require_authority,
    requireFields: asked.require,
    authorities: asked.authorities,
    scheme: asked.url_scheme,
    listedSendersOnly: asked.listed_senders_only,
    senders: Object.fromEntries(Object.entries(asked.senders ?? {}).map(([name, it]) => [name, rules(it)])),
  });
}

const rules = ({ mode, methods, path_prefixes: pathPrefixes }) => ({ mode, methods, pathPrefixes });

// Returns the replay store of a test case. If the test case has no replay store, returns a new table, because
// a verifier in this package requires one.
function home(replay = { slots: 64 }) {
  if (replay.store === 'unreachable') return { claim: () => Promise.reject(new Error('unreachable')) };
  return sealwire.ReplayTable.heap({ slots: replay.slots, acceptOlder: replay.created !== 'now' });
}

async function verified(verifier, { request, now_ms: now }) {
  const { method, target: url, authority, scheme, headers } = request;
  try {
    const it = await verifier.verifyAsync({
      method,
      url,
      authority,
      scheme,
      headers,
      body: body(request),
      now,
    });
    const known = `sender=${it.sender} version=${it.keyVersion} scheme=${it.scheme} user=${it.userId ?? '-'} as=${it.nameAsSent}`;
    return `accepted ${known}\tnonce=${it.nonce ?? '-'}`;
  } catch (error) {
    if (!(error instanceof sealwire.RejectedError)) return `threw ${error.code} ${error.message}`;
    return rejected(error);
  }
}

function rejected({ code, status, publicText, mode, field }) {
  if (mode !== undefined && mode !== 'enforce') return `let-through ${mode} ${code}`;
  return `rejected ${code} ${status} ${publicText}\tfield=${(field ?? '-').toLowerCase()}`;
}

function body({ body: text = '', body_hex: hex, body_repeat: repeat }) {
  if (hex !== undefined) return Buffer.from(hex, 'hex');
  return Buffer.from(repeat ? repeat.text.repeat(repeat.times) : text);
}

// Requests that need no signature

const passes = (unsigned) => (unsigned ? 'passes' : 'held');

function probe({ probe: { method, target, peer } }) {
  return passes(native.isLocalHealthCheck(method, target, peer));
}

function exempt({ exempt: { paths, path: asked } }) {
  const keys = new sealwire.KeyRing({});
  const replay = sealwire.ReplayTable.heap({ slots: 8 });
  const verifier = new sealwire.Verifier({ service: 'practices', keys, replay, exemptPaths: paths });
  // Adapters pass the request head as a list of method, target, authority, scheme and routed path.
  return passes(verifier.isExempt(joinHead(['GET', asked, 'practices', 'https', asked]), 0));
}

// Signing

function signed(each) {
  const {
    schemes,
    sender,
    client_id: clientId,
    receiver,
    user_id: userId,
    nonce,
    components,
    now_ms: now,
  } = each.sign;
  const keys = ring(each);
  const ofPairs = schemes.filter((scheme) => scheme !== 'client');
  const signers = [];
  if (ofPairs.length > 0) signers.push({ name: sender, schemes: ofPairs });
  if (schemes.includes('client')) signers.push({ name: clientId, schemes: ['client'] });
  const { method, target: url, authority, scheme, headers } = each.sign.request;
  const request = { method, url, authority, scheme, headers, body: body(each.sign.request) };
  const asked = { receiver, userId: userId ?? undefined, nonce, now };
  try {
    const made = signers.map((it) => new sealwire.Signer({ ...it, keys, coverFields: components }));
    return digestLine(Object.assign({}, ...made.map((signer) => signer.sign({ ...request, ...asked }))));
  } catch (error) {
    if (error.code !== 'SEALWIRE_SIGN') throw error;
    return 'refused';
  }
}

// Signed responses

function resultOfSignResponse(each) {
  const { caller: sender, service, scheme, request, status, now_ms: now, ...written } = each.sign_response;
  // A verifier with pair keys has a service name, and a verifier with client keys has none.
  const schemes = service ? ['message', 'pairwise'] : ['client'];
  const verifier = new sealwire.Verifier({ keys: ring(each), service, schemes, replay: home() });
  return digestLine(
    verifier.signResponse(sent(request), { sender, scheme }, { status, body: body(written), now }),
  );
}

function resultOfVerifyResponse(each) {
  const { caller: name, service: receiver, scheme, request, response } = each.verify_response;
  const signer = new sealwire.Signer({ name, keys: ring(each), schemes: [scheme], receiver });
  const { status, headers } = response;
  try {
    const verified = signer.verifyResponse(sent(request), { status, headers, body: body(response) });
    return `verified version=${verified.keyVersion} time=${verified.serverTime / 1000}`;
  } catch (error) {
    if (!(error instanceof sealwire.RejectedError)) throw error;
    return rejected(error);
  }
}

const sent = ({ method, target: url, authority, scheme, headers }) => ({
  method,
  url,
  authority,
  scheme,
  headers,
});

function digestLine(headers) {
  const lines = Object.entries(headers).map(([name, value]) => `${name.toLowerCase()}: ${value}\n`);
  return `signed ${createHash('sha256').update(lines.join(''), 'latin1').digest('hex')}`;
}

// Connection strings

function token(each) {
  try {
    const options = { ignoreExpiry: !each.check_expiry, now: each.now_ms };
    const { account, keyVersion } = sealwire.ConnectionString.verify(ring(each), each.token, options);
    return `accepted sender=${account} version=${keyVersion} scheme=connection_string user=-`;
  } catch (error) {
    if (!(error instanceof sealwire.RejectedError)) throw error;
    return rejected(error);
  }
}

function issued(each) {
  const { aid, expires_s, offset_minutes: offsetMinutes, rls = [], tid, sid } = each.issue;
  const roles = rls.map(([name, permission]) => ({ name, write: permission === 1 }));
  const said = {
    account: aid,
    expires: expires_s * 1000,
    offsetMinutes,
    roles,
    tenant: tid,
    subscription: sid,
  };
  try {
    return digestLine({
      [sealwire.ConnectionString.HEADER]: sealwire.ConnectionString.issue(ring(each), said),
    });
  } catch (error) {
    if (error.code !== 'SEALWIRE_TOKEN' && error.code !== 'SEALWIRE_CONFIG') throw error;
    return 'refused';
  }
}
