// Shows a signed request in several forms: as raw HTTP, as a curl command, and as programs that create a new signature for the
// request.

export const FORMS = ['HTTP', 'curl', 'Python', 'Node', 'C'];

export const program = (form, request) =>
  ({ HTTP: http, curl, Python: python, Node: node, C: c })[form](request);

const quoted = (text) => JSON.stringify(text);
const inShell = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
const bytes = (text) => new TextEncoder().encode(text).length;

function http({ method, url, headers, body }) {
  const lines = [`${method} ${url.pathname}${url.search} HTTP/1.1`, `Host: ${url.host}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body) lines.push(`Content-Length: ${bytes(body)}`);
  return `${lines.join('\n')}\n\n${body}`;
}

function curl({ method, url, headers, body }) {
  const lines = [`curl --path-as-is -X ${method} ${inShell(url.href)}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${inShell(`${name}: ${value}`)}`);
  if (body) lines.push(`-H 'Content-Type: application/json' --data-binary ${inShell(body)}`);
  return `# The signature can be used once, and expires.\n${lines.join(' \\\n    ')}`;
}

// The environment variable that contains the key for the programs.
const VARIABLE = 'TEST_SECRET';
const entry = ({ isPair, sender, receiver }) => quoted(isPair ? `${sender}/${receiver}` : sender);
const lists = ({ isPair }) => (isPair ? 'pairs' : 'clients');

function python(request) {
  const { method, url, body, scheme, sender, isPair, receiver } = request;
  return `import os

import httpx
from sealwire import KeyRing, Signer

keys = KeyRing(${lists(request)}={${entry(request)}: os.environ["${VARIABLE}"]})
signer = Signer(${quoted(sender)}, keys, schemes=[${quoted(scheme)}])
url = ${quoted(url.href)}
body = ${quoted(body)}.encode()
headers = signer.sign(${quoted(method)}, url, body=body${isPair ? `, receiver=${quoted(receiver)}` : ''})
response = httpx.request(${quoted(method)}, url, headers={**headers, "Content-Type": "application/json"}, content=body)
print(response.status_code, response.text)
`;
}

function node(request) {
  const { method, url, body, scheme, sender, isPair, receiver } = request;
  const content = body ? `\nconst body = ${quoted(body)};` : '\nconst body = undefined;';
  return `import { KeyRing, Signer } from 'sealwire';

const keys = new KeyRing({ ${lists(request)}: { ${entry(request)}: process.env.${VARIABLE} } });
const signer = new Signer({ name: ${quoted(sender)}, keys, schemes: [${quoted(scheme)}] });
const url = ${quoted(url.href)};${content}
const headers = signer.sign({ method: ${quoted(method)}, url, body${isPair ? `, receiver: ${quoted(receiver)}` : ''} });
const response = await fetch(url, { method: ${quoted(method)}, headers: { ...headers, 'Content-Type': 'application/json' }, body });
console.log(response.status, await response.text());
`;
}

function c(request) {
  const { method, url, body, scheme, sender, isPair, receiver } = request;
  const text = (value) => `sealwire_text_of(${quoted(value)})`;
  const add = isPair
    ? `sealwire_key_ring_builder_add_pair(keys, ${text(sender)}, ${text(receiver)}, &version, 1, 1, &error)`
    : `sealwire_key_ring_builder_add_client(keys, ${text(sender)}, &version, 1, 1, &error)`;
  const decode = isPair
    ? `    size_t size = 0;
    status = sealwire_decode_secret(sealwire_text_of(getenv("${VARIABLE}")), secret, sizeof secret, &size, &error);`
    : `    size_t size = (size_t)snprintf(secret, sizeof secret, "%s", getenv("${VARIABLE}"));`;
  return `/* Build: cc app.c -I<sealwire>/ffi-c/examples $(pkg-config --cflags --libs sealwire libcurl) */
#include "signed_curl.h"

int main(void) {
    sealwire_error error = {{0}};
    sealwire_key_ring_builder *keys = NULL;
    sealwire_key_ring *ring = NULL;
    sealwire_signer_builder *builder = NULL;
    sealwire_signer *signer = NULL;
    signed_response response;
    char secret[128];
    int32_t status = 0;
${decode}
    sealwire_key_version version = {1, secret, size};
    if (status == 0) status = sealwire_key_ring_builder_new(false, &keys);
    if (status == 0) status = ${add};
    if (status == 0) status = sealwire_key_ring_builder_build(keys, &ring);
    if (status == 0) status = sealwire_signer_builder_new(${text(sender)}, &builder);
    if (status == 0) status = sealwire_signer_builder_add_scheme(builder, SEALWIRE_SCHEME_${scheme.toUpperCase()});
    if (status == 0) status = sealwire_signer_builder_build(builder, ring, &signer, &error);
    if (status != 0) return fprintf(stderr, "%s\\n", error.text), 1;
    signed_client client = {signer, ${isPair ? quoted(receiver) : '""'}, NULL, CURL_HTTP_VERSION_NONE};
    signed_request request = {${quoted(method)}, ${quoted(url.href)}, "application/json", ${quoted(body)}, ${bytes(body)}};
    if (signed_send(&client, &request, &response, &error) != SIGNED_SENT) return fprintf(stderr, "%s\\n", error.text), 1;
    printf("%ld %s\\n", response.http_status, response.body);
    return 0;
}
`;
}
