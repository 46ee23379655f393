// Implements the functions of the addon (bindings-node/src) with the WebAssembly module. This module replaces lib/native.js of
// the Node.js package in the edge build.

import { failure } from '../../lib/errors.js';
import { discardNonces, random } from './random.mjs';
import { describedBytes, settingsBytes } from './values.mjs';
import { call, Held, output, utf8 } from './wasm.mjs';

const EMPTY = new Uint8Array(0);
const WIDE = /[^\0-\xff]/;

const made = (number) => new Held(number);
const clock = (now) => now ?? Date.now();
const written = (name, input, ...numbers) => {
  call(name, input, ...numbers);
  return output();
};
// Calls a function. Returns its output, or `otherwise` if the function returned 0.
const writtenOr = (otherwise, name, input, ...numbers) =>
  call(name, input, ...numbers) === 0 ? otherwise : output();

function latin1(text) {
  if (!WIDE.test(text)) return text;
  throw failure('CONFIG', 'a method, URL or header contains a character beyond latin-1; percent-encode it');
}

// Settings

function checkSettings(group, options) {
  const described = describedBytes(options);
  call('sealwire_check_settings', [group, described], group.length, described.length);
}

function isCheckedSetting(group, name) {
  const bytes = utf8(name);
  return call('sealwire_is_checked_setting', [group, bytes], group.length, bytes.length) === 1;
}

function nearestSetting(group, name) {
  const bytes = utf8(name);
  return writtenOr(undefined, 'sealwire_nearest_setting', [group, bytes], group.length, bytes.length);
}

const isEnabled = (value) => value === undefined || call('sealwire_is_enabled', [utf8(value)]) === 1;

// Names

const LISTS = ['clientHeaders', 'clientSigned', 'sent', 'pairwiseHeaders', 'messageHeaders', 'schemes'];
const NUMBERS = ['ages', 'maxHeaderParts', 'challengedStatus', 'unknownTime'];
const LOWER = ['clientHeaders', 'pairwiseHeaders', 'messageHeaders'];
const lower = (text) => text.toLowerCase();

function readCatalog() {
  const names = { reasons: [] };
  for (const line of written('sealwire_catalog', []).trimEnd().split('\n')) {
    const [name, ...values] = line.split('\t');
    if (name === 'reasons') names.reasons.push(reason(values));
    else if (NUMBERS.includes(name)) names[name] = Number(values[0]);
    else if (name === 'clientSignedLengths') names[name] = values.map(Number);
    else if (LOWER.includes(name)) names[name] = values.map(lower);
    else names[name] = [...LISTS, 'modes', 'settingMethods'].includes(name) ? values : values[0];
  }
  // The version has a suffix, so that this module does not accept objects of the addon as its own (lib/brands.js).
  return { ...names, version: `${names.version}+edge`, tokenHeader: lower(names.tokenHeader) };
}

const reason = ([code, number, status]) => ({ code, number: Number(number), status: Number(status) });

const names = readCatalog();
const catalog = () => names;
const settingMethods = () => names.settingMethods;

// Key rings

const ringBytes = ({ entries = [], variables = [], service, allowWeak }) =>
  settingsBytes({ entries: entries.map(entry), variables: variables.flat(), service, allowWeak });
const entry = ({ name, peer, primary, versions }) => ({
  name,
  peer,
  primary,
  versions: versions.map(({ number, secret }) => ({ number, ...secretOf(secret) })),
});
const secretOf = (secret) =>
  typeof secret === 'string'
    ? { text: secret }
    : { hex: Array.from(secret, (byte) => byte.toString(16).padStart(2, '0')).join('') };

const newRing = (spec) => made(call('sealwire_ring', [ringBytes(spec)]));
const replaceRing = (ring, spec) => {
  call('sealwire_replace_ring', [ringBytes(spec)], ring.number);
};
const setGrowingRing = (ring) => {
  call('sealwire_set_growing_ring', [], ring.number);
};
const shownName = (name) => written('sealwire_shown_name', [utf8(name)]);

function ringStatus(ring) {
  return records(written('sealwire_ring_status', [], ring.number), 5).map(
    ([name, version, primary, accepted, last]) => ({
      name,
      version: Number(version),
      primary: primary === '1',
      accepted: Number(accepted),
      ...(last !== '' && { lastAcceptedS: Number(last) }),
    }),
  );
}

// Splits text into records of `size` lines.
function records(text, size) {
  const lines = text.split('\n');
  return Array.from({ length: Math.floor(lines.length / size) }, (_, at) =>
    lines.slice(at * size, (at + 1) * size),
  );
}

// Modes

const modesBytes = ({ mode, senders, observeOnly }) =>
  settingsBytes({ mode, senders: senders.flat(), observeOnly });
const newModes = (spec) => made(call('sealwire_modes', [modesBytes(spec)]));
const modesOf = (verifier) => made(call('sealwire_modes_of', [], verifier.number));
const modeChanges = (modes) => call('sealwire_mode_changes', [], modes.number);
const modesNow = (modes) => readModes(written('sealwire_modes_now', [], modes.number));

function replaceModes(modes, spec) {
  const before = writtenOr(undefined, 'sealwire_replace_modes', [modesBytes(spec)], modes.number);
  return before === undefined ? undefined : readModes(before);
}

function readModes(text) {
  const [mode, ...rest] = text.split('\n');
  return { mode, senders: rest.length < 2 ? [] : records(rest.join('\n'), 2) };
}

// Signing

const newSigner = (options, ring) => made(call('sealwire_signer', [settingsBytes(options)], ring.number));

function checkReceiver(signer, receiver) {
  call('sealwire_check_receiver', [utf8(receiver)], signer.number);
}

// Returns a signing function. Its arguments and result are the same as in the addon (`signing` in src/sign.rs).
function signing(signer) {
  let lead = '';
  return (url, changed, body = EMPTY, lines = '', fields = 0, now = undefined) => {
    if (changed !== undefined) lead = latin1(changed);
    if (WIDE.test(url)) return '';
    latin1(lines);
    const lengths = [url.length, lead.length, lines.length, fields, body.length];
    const input = [random(), url, lead, lines, body];
    return writtenOr('', 'sealwire_sign', input, signer.number, ...lengths, clock(now));
  };
}

function clientSigning(signer) {
  let method = '';
  return (url, changed) => {
    if (changed !== undefined) method = latin1(changed);
    if (WIDE.test(url)) return '';
    const input = [random(), method, url];
    return writtenOr('', 'sealwire_sign_client', input, signer.number, method.length, url.length, Date.now());
  };
}

const splitUrl = (url) => writtenOr(undefined, 'sealwire_split_url', [url])?.split('\n');
const urlRefusal = (url) => writtenOr(null, 'sealwire_url_refusal', [utf8(url)]);

// Verifying

function newVerifier(policy, ring, table, modes, hasClock) {
  const numbers = [...[ring, table, modes].map((held) => held?.number ?? 0), Number(hasClock)];
  const verifier = made(call('sealwire_verifier', [settingsBytes(policy)], ...numbers));
  // Keep the table with the verifier, because the table's random key must be set before the first request is verified.
  return Object.assign(verifier, { table });
}

const verifierWarnings = (verifier) =>
  written('sealwire_verifier_warnings', [], verifier.number).split('\n').slice(0, -1);

function verifying(verifier) {
  return (head, fields, body = EMPTY, now = undefined) => {
    seeded(verifier.table);
    const numbers = [verifier.number, head.length, fields, body.length, clock(now)];
    return written('sealwire_verify', [head, body], ...numbers);
  };
}

// Returns a function that always returns undefined, so that every request is verified with all its headers. In this build,
// passing only the `client` headers would not be faster.
const clientVerifying = () => () => undefined;

// Returns the signature base of a request, for tools that explain signatures. `head` consists of the method, target, authority,
// scheme and header lines, joined with line breaks. This function exists only in builds with the `explain` feature.
function signatureBase(head, fields, signatureInput, label) {
  const lengths = [head.length, fields, signatureInput.length, label.length];
  return written('sealwire_signature_base', [head, signatureInput, label], ...lengths);
}

function isExempt(verifier, head, fields) {
  return call('sealwire_is_exempt', [head], verifier.number, head.length, fields) === 1;
}

const clockFault = (time) => writtenOr(undefined, 'sealwire_clock_fault', [], time);
const clockConflict = () => written('sealwire_clock_conflict', []);

function isLocalHealthCheck(method, target, peer) {
  const bytes = utf8(peer);
  const lengths = [method.length, target.length, bytes.length];
  return call('sealwire_is_local_health_check', [method, target, bytes], ...lengths) === 1;
}

function stats(verifier) {
  return records(written('sealwire_stats', [], verifier.number), 3).map(([outcome, name, count]) => ({
    outcome,
    name,
    count: Number(count),
  }));
}

function begin(verifier, head, fields, now) {
  seeded(verifier.table);
  const waiting = call('sealwire_begin', [head], verifier.number, head.length, fields, clock(now));
  return waiting === 0 ? output() : made(waiting);
}

const readsBody = (waiting) => call('sealwire_reads_body', [], waiting.number) === 1;

function update(verifier, waiting, chunk) {
  const refused = call('sealwire_update', [chunk], verifier.number, waiting.number);
  if (refused === 0) return undefined;
  waiting.take();
  return output();
}

const expire = (verifier, waiting) => written('sealwire_expire', [], verifier.number, waiting.take());
const finish = (verifier, waiting, now) =>
  written('sealwire_finish', [], verifier.number, waiting.take(), clock(now));

// Frees an unfinished verification.
const release = (waiting) => waiting.free();

function prove(verifier, waiting) {
  const proven = call('sealwire_prove', [], verifier.number, waiting.take());
  return proven === 0 ? output() : made(proven);
}

function sharedClaim(proven) {
  const claim = writtenOr(undefined, 'sealwire_shared_claim', [], proven.number);
  if (claim === undefined) return null;
  const [key, expiresS] = claim.split('\n');
  return { key, expiresS: Number(expiresS) };
}

const UNDECIDED = 2;

function settle(verifier, proven, first, now) {
  const outcome = first === undefined || first === null ? UNDECIDED : Number(first);
  return written('sealwire_settle', [], verifier.number, proven.take(), outcome, clock(now));
}

// Responses

const challenge = (service) => written('sealwire_challenge', [utf8(service)]);

function signResponse(verifier, head, fields, status, body, now) {
  const numbers = [verifier.number, head.length, fields, status, body.length, clock(now)];
  return written('sealwire_sign_response', [head, body], ...numbers);
}

function verifyResponse(signer, head, fields, status, lines, lineFields, body) {
  const numbers = [signer.number, head.length, fields, status, lines.length, lineFields, body.length];
  return written('sealwire_verify_response', [head, lines, body], ...numbers);
}

// Explanations

// This function exists only in builds with the `explain` feature.
const explainRejection = (ring, request) => written('sealwire_explain', [utf8(request)], ring.number);

// Replay tables

const slotsNeeded = (requestsPerSecond = 0, windowSeconds = 0) =>
  call('sealwire_slots_needed', [], requestsPerSecond, windowSeconds);

const heapTable = (slots, acceptOlder) => made(call('sealwire_table', [], slots, acceptOlder ? 0 : nowS()));

const nowS = () => Math.floor(Date.now() / 1000);

// Sets the random key of a table, before the table is first used.
function seeded(table) {
  if (table !== undefined && !table.isSeeded) {
    call('sealwire_seed_table', [random()], table.number);
    table.isSeeded = true;
  }
}

const UNKNOWN = 2;

function claiming(table) {
  return (key, expiresS) => {
    seeded(table);
    const first = call('sealwire_claim', [key], table.number, key.length, expiresS, nowS());
    return first === UNKNOWN ? undefined : first === 1;
  };
}

function tableSeen(table, key) {
  seeded(table);
  return call('sealwire_seen', [key], table.number, key.length, nowS()) === 1;
}

function clearTable(table) {
  call('sealwire_clear_table', [], table.number);
}

function tableFill(table) {
  seeded(table);
  const [live, slots] = written('sealwire_fill', [], table.number, nowS()).split('\n').map(Number);
  return { live, slots };
}

function noFiles() {
  throw failure('CONFIG', "this runtime has no files; pass replay: 'isolate' or a store");
}

// Connection strings

const issueToken = (ring, spec) => written('sealwire_issue_token', [settingsBytes(spec)], ring.number);
const tokenVerifying = (ring) => (token, checksExpiry, now) =>
  written('sealwire_verify_token', [token], ring.number, Number(checksExpiry), clock(now));
const readToken = (token) => written('sealwire_read_token', [token]);

export {
  begin,
  catalog,
  challenge,
  checkReceiver,
  checkSettings,
  claiming,
  clearTable,
  clientSigning,
  clientVerifying,
  clockConflict,
  clockFault,
  discardNonces,
  expire,
  explainRejection,
  finish,
  heapTable,
  isCheckedSetting,
  isEnabled,
  isExempt,
  isLocalHealthCheck,
  issueToken,
  noFiles as mappedTable,
  noFiles as mappedTablePath,
  modeChanges,
  modesNow,
  modesOf,
  nearestSetting,
  newModes,
  newRing,
  newSigner,
  newVerifier,
  noFiles as adoptRing,
  noFiles as defaultTable,
  prove,
  readToken,
  readsBody,
  release,
  replaceModes,
  replaceRing,
  ringStatus,
  setGrowingRing,
  settingMethods,
  settle,
  sharedClaim,
  shownName,
  signResponse,
  signatureBase,
  signing,
  slotsNeeded,
  splitUrl,
  stats,
  tableFill,
  tableSeen,
  tokenVerifying,
  update,
  urlRefusal,
  verifierWarnings,
  verifyResponse,
  verifying,
};
