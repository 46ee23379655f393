/* global document */
// The script of the page. It reads the input fields, signs and checks requests, and shows the results. It sends no requests.
import { KeyRing, Signer, explain } from 'sealwire-explain';
import { base } from './base.mjs';
import { FORMS, program } from './programs.mjs';

const SCHEMES = { pair: ['message', 'pairwise'], client: ['client', 'message'] };
const field = (id) => document.getElementById(id);
const value = (id) => field(id).value.trim();

let signed; // the request that was signed last
let form = 'HTTP';

function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, content] of Object.entries(attributes)) made.setAttribute(name, content);
  return made;
}

// Writes a new random key to the secret field.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  field('secret').value = btoa(String.fromCharCode(...bytes));
}

function showKind() {
  const kind = value('kind');
  field('scheme').replaceChildren(...SCHEMES[kind].map((scheme) => element('option', scheme)));
  field('receiver-label').hidden = kind === 'client';
  field('sender-label').textContent = kind === 'client' ? 'Client id' : 'Sender';
  field('secret-form').textContent = kind === 'client' ? '(text)' : '(base64)';
}

function keyRing() {
  const secret = value('secret');
  const entry =
    value('kind') === 'client'
      ? { clients: { [value('sender')]: secret } }
      : { pairs: { [`${value('sender')}/${value('receiver')}`]: secret } };
  return new KeyRing({ ...entry, allowWeak: true });
}

function sign() {
  const isPair = value('kind') === 'pair';
  const scheme = value('scheme');
  const body = field('body').value;
  const method = value('method').toUpperCase();
  const signer = new Signer({ name: value('sender'), keys: keyRing(), schemes: [scheme] });
  const url = new URL(value('url'));
  const receiver = isPair ? { receiver: value('receiver') } : {};
  const headers = signer.sign({ method, url: url.href, body, ...receiver });
  signed = { method, url, body, headers, scheme, sender: value('sender'), isPair, ...receiver };
  field('capture').value = program('HTTP', signed);
  showForm(form);
}

function showForm(name) {
  form = name;
  for (const tab of field('forms').children)
    tab.setAttribute('aria-selected', String(tab.textContent === name));
  if (!signed) return;
  field('signed').textContent = program(name, signed);
  field('signed').hidden = false;
  field('copy').hidden = false;
}

// Returns the settings for `explain`, except the capture and the keys. Empty fields are omitted.
function evidence() {
  const service = value('kind') === 'pair' ? value('receiver') : '';
  const hosts = value('hosts')
    .split(/[\s,]+/)
    .filter(Boolean);
  const given = {
    service,
    sent: field('sent').value,
    at: value('at'),
    prefix: value('prefix'),
    log: value('log'),
  };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, content]) => content)),
    ...(hosts.length > 0 && { hosts }),
  };
}

// Replaces LF with CR LF in the head of a captured request, because HTTP/1 requires CR LF but a textarea contains only LF. The
// body is not changed.
function withLineEnds(capture) {
  const [head, ...body] = capture.split('\n\n');
  return /^[A-Z]+ \S+ HTTP\/1/.test(capture)
    ? [head.replaceAll('\n', '\r\n'), body.join('\n\n')].join('\r\n\r\n')
    : capture;
}

function check() {
  const capture = withLineEnds(field('capture').value);
  const found = explain({ capture, keys: keyRing(), ...evidence() });
  field('result').replaceChildren(...parts(found, capture));
}

const VERDICTS = {
  valid: 'The signature is valid.',
  proven: 'The culprit is proven: ',
  unexplained: 'No culprit was proven.',
};

function* parts(found, capture) {
  const verdict = element('p', VERDICTS[found.outcome] + (found.culprit ?? ''), { id: 'verdict' });
  verdict.className = `verdict ${found.outcome === 'valid' ? 'good' : 'bad'}`;
  yield verdict;
  yield element('p', found.explanation);
  if (found.reason) yield reason(found.reason);
  yield element('h3', 'Checks, in order');
  yield table(
    ['check', 'result', 'detail'],
    found.checks.map(({ check: name, result, detail }) => [name, result, detail]),
  );
  yield* baseOf(capture);
  yield element('h3', 'Signed parts');
  const rows = found.components.map(({ component, arrived, signed: made, same }) => [
    component,
    arrived ?? '',
    made ?? '?',
    { true: 'yes', false: 'no', null: '?' }[same],
  ]);
  yield table(['part', 'arrived', 'signed', 'equal'], rows);
  if (found.tried.length > 0) {
    yield element(
      'p',
      `Tried: ${found.tried.map(({ hypothesis, variants }) => `${hypothesis} (${variants})`).join(', ')}`,
    );
  }
  for (const untested of found.untested) yield element('p', `Not tested: ${untested}`);
}

function reason(name) {
  const line = element('p', 'Reason: ');
  line.append(element('a', name, { href: `../reasons/${name}.html` }));
  return line;
}

function* baseOf(capture) {
  const lines = base(capture);
  if (lines.length === 0) return;
  yield element('h3', 'Signature base');
  const shown = table(
    ['line', 'signature base'],
    lines.map((line, number) => [String(number + 1), line]),
  );
  shown.id = 'base';
  yield shown;
}

function table(titles, rows) {
  const made = document.createElement('table');
  const row = (tag, cells) => {
    const line = document.createElement('tr');
    line.append(...cells.map((cell) => element(tag, cell)));
    return line;
  };
  made.append(row('th', titles), ...rows.map((cells) => row('td', cells)));
  for (const cell of made.querySelectorAll('td')) {
    if (cell.textContent === 'passed' || cell.textContent === 'yes') cell.className = 'good';
    if (cell.textContent === 'failed' || cell.textContent === 'no') cell.className = 'bad';
  }
  return made;
}

// Adds a prefix to the path in the captured request, as a path-rewriting proxy would, and checks the request.
function tamper() {
  field('capture').value = field('capture').value.replace(/^(\S+ \/)/, '$1api/');
  check();
}

// Returns a function that calls `action`. If `action` throws an error, the function shows the error message instead of a result.
const guarded = (action) => () => {
  try {
    action();
  } catch (error) {
    const message = element('p', error.message, { id: 'verdict', class: 'verdict bad' });
    field('result').replaceChildren(message);
  }
};

field('forms').append(...FORMS.map((name) => element('button', name, { type: 'button', role: 'tab' })));
field('forms').addEventListener(
  'click',
  ({ target }) => FORMS.includes(target.textContent) && showForm(target.textContent),
);
field('kind').addEventListener('change', showKind);
field('generate').addEventListener('click', newKey);
field('sign').addEventListener('click', guarded(sign));
field('check').addEventListener('click', guarded(check));
field('tamper').addEventListener('click', guarded(tamper));
field('copy').addEventListener('click', () => navigator.clipboard?.writeText(field('signed').textContent));
showKind();
newKey();
showForm(form);
document.documentElement.dataset.ready = 'true';
