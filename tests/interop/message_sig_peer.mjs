// Runs http-message-sig from npm. Each line of the standard input is a task in JSON, and each line of the output is its
// result in JSON.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { createInterface } from 'node:readline';
import { createSignature, verifySignature } from 'http-message-sig';

const ALGORITHM = 'hmac-sha256';
const mac = (secret, data) => createHmac('sha256', Buffer.from(secret, 'base64')).update(data).digest();

// Returns the request in the format that the package expects. The URL stays a string, because a `URL` object
// drops an empty query.
function described({ method, url, headers }) {
  const { protocol, pathname } = new URL(url);
  const target = url.slice(url.indexOf(pathname, protocol.length + 2));
  const fields = Object.entries(headers).map(([name, value]) => ({ name: name.toLowerCase(), value }));
  return {
    kind: 'request',
    method,
    targetUri: `${protocol}//${headers.Host}${target}`,
    requestTarget: target,
    fields,
  };
}

async function sign({ request, secret, keyId, components, created, nonce, tag }) {
  const { signature, signatureInput } = await createSignature(described(request), {
    label: 'peer',
    components,
    // The parameters have the same order as in Sealwire's signatures.
    parameters: { created, nonce, alg: ALGORITHM, keyid: keyId, tag },
    signer: { algorithm: ALGORITHM, sign: (data) => mac(secret, data) },
  });
  return { headers: { 'Signature-Input': signatureInput, Signature: signature } };
}

async function verify({ request, secret, keyId }) {
  const policy = {
    algorithms: [ALGORITHM],
    requiredComponents: ['@method', '@authority', '@path', '@query'],
    requiredParameters: ['created', 'nonce', 'keyid'],
    maxAge: 60,
  };
  const resolveVerifier = ({ parameters }) => {
    if (parameters.keyid !== keyId) throw new Error('another key');
    return {
      algorithm: ALGORITHM,
      verify(data, signature) {
        const expected = mac(secret, data);
        return expected.length === signature.length && timingSafeEqual(expected, signature);
      },
    };
  };
  await verifySignature(described(request), { policy, resolveVerifier });
  return { verified: true };
}

const tasks = { sign, verify };
for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line);
  const answer = await tasks[task.do](task).catch((error) => ({ refused: error.message }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
