// Runs http-message-signatures from npm. Each line of the standard input is a task in JSON, and each line of the output is
// its result in JSON.

import { createInterface } from 'node:readline';
import { createSigner, createVerifier, httpbis } from 'http-message-signatures';

async function sign({ request, secret, keyId, components, created, nonce, tag }) {
  const signed = await httpbis.signMessage(
    {
      key: createSigner(Buffer.from(secret, 'base64'), 'hmac-sha256', keyId),
      name: 'peer',
      fields: components,
      params: ['created', 'nonce', 'keyid', 'alg', 'tag'],
      paramValues: { created: new Date(created * 1000), nonce, tag },
    },
    request,
  );
  return { headers: signed.headers };
}

async function verify({ request, secret, keyId }) {
  const verifier = createVerifier(Buffer.from(secret, 'base64'), 'hmac-sha256');
  const keyLookup = async ({ keyid }) =>
    keyid === keyId ? { id: keyId, algs: ['hmac-sha256'], verify: verifier } : null;
  return { verified: (await httpbis.verifyMessage({ keyLookup }, request)) === true };
}

const tasks = { sign, verify };
for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line);
  const answer = await tasks[task.do](task).catch((error) => ({ refused: error.message }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
