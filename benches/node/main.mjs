// Runs the Node benchmarks. Usage: node --expose-gc main.mjs ROUNDS LIVE [ROW...], or main.mjs memory

import * as calls from './calls.mjs';
import * as edge from './edge.mjs';
import * as express from './express.mjs';
import * as message from './message.mjs';
import * as replay from './replay.mjs';
import * as store from './store.mjs';
import * as threads from './threads.mjs';
import * as token from './token.mjs';

const [first, ...rest] = process.argv.slice(2);
if (first === 'memory') console.log(replay.memory());
else await rows(Number(first), Number(rest[0]), rest.slice(1));

async function rows(rounds, live, wanted) {
  const all = {
    'node-sign': () => calls.sign(rounds),
    'node-all-checks': () => calls.allChecks(rounds),
    'edge-sign': () => edge.sign(rounds),
    'edge-verify': () => edge.verify(rounds),
    'node-express': () => express.alone(rounds),
    'node-express-app': () => express.within(rounds),
    'node-message-sign': () => message.sign(rounds),
    'node-message-verify': () => message.verify(rounds),
    'node-token': () => token.verify(rounds),
    'node-replay-100k': () => replay.claims('node-replay-100k', rounds, live / 10),
    'node-replay-1m': () => replay.claims('node-replay-1m', rounds, live),
    'node-store-1': () => store.claims('node-store-1', rounds, 1),
    'node-store-32': () => store.claims('node-store-32', rounds, 32),
    'threads-node': () => threads.verify(rounds),
  };
  for (const [name, row] of Object.entries(all)) {
    if (wanted.length === 0 || wanted.includes(name)) await row();
  }
}
