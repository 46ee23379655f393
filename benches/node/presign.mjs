// Writes signed heads of `client` requests for the load generator, one head per line. Usage: node presign.mjs
// COUNT

import { CLIENT, METHOD, SECRET, TARGET, sealwire } from './samples.mjs';

const lines = [];
for (let at = 0; at < Number(process.argv[2]); at += 1) {
  const headers = sealwire.signRequest(METHOD, TARGET, SECRET, CLIENT);
  lines.push(Object.entries(headers).flat().join('\t'));
}
process.stdout.write(`${lines.join('\n')}\n`);
