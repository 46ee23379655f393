'use strict';

// A client that sends signed requests to all services until it is stopped. It writes the number of responses by status
// to a file, and reloads its key file when the file changes.

const { renameSync, writeFileSync } = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');
const { KeyRing, Signer } = require('../../../bindings-node');
const { load, Reloader } = require('../../../bindings-node/secrets.js');

const { KEYS, NAME: name, REPORT, TARGETS } = process.env;
const targets = Object.entries(JSON.parse(TARGETS));
const WRITE_EVERY_MS = 100;
const PAUSE_MS = 4; // the pause leaves processor time for the services

let ended = false;
process.on('SIGTERM', () => (ended = true));

async function main() {
  const keys = new KeyRing(await load(KEYS));
  new Reloader(keys, () => load(KEYS), { path: KEYS, lookEveryMs: 200 }).start();
  const signers = ['message', 'pairwise'].map((scheme) => new Signer({ name, keys, schemes: [scheme] }));
  const answers = {};
  let written = 0;
  for (let number = 0; !ended; number += 1) {
    const [receiver, origin] = targets[number % targets.length];
    const signer = signers[Math.floor(number / targets.length) % signers.length];
    const status = await send(signer, receiver, `${origin}/items?n=${number}`, String(number));
    answers[status] = (answers[status] ?? 0) + 1;
    await sleep(PAUSE_MS);
    if (Date.now() - written > WRITE_EVERY_MS) {
      written = Date.now();
      write(answers);
    }
  }
  write(answers);
}

async function send(signer, receiver, url, body) {
  const method = 'POST';
  const headers = signer.sign({ method, url, body, receiver });
  const answer = await fetch(url, { method, body, headers });
  await answer.arrayBuffer();
  return answer.status;
}

function write(answers) {
  writeFileSync(`${REPORT}.new`, JSON.stringify(answers));
  renameSync(`${REPORT}.new`, REPORT);
}

main();
