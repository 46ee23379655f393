// Selects the replay store of a verifier. This module replaces lib/replay-choice.js. There is no default store, because isolates
// cannot share a file.

import { failure, warnOnce } from '../../lib/errors.js';
import { ReplayTable } from '../../lib/replay-table.js';
import { catalog, clockConflict } from './native.mjs';

const { pairwiseScheme } = catalog();

export function replayChoice(replay, _keys, options) {
  if (replay === 'isolate') return { table: isolateTable(options) };
  if (ReplayTable.handle(replay)) {
    warnAboutIsolates();
    return { table: replay };
  }
  if (typeof replay?.claim === 'function') {
    if (options.clock) throw failure('CONFIG', clockConflict());
    return { shared: replay };
  }
  if (replay === undefined && claimsNothing(options)) return { table: ReplayTable.near({ slots: 8 }) };
  throw failure(
    'CONFIG',
    'replay: pass a store with claim(key, expiresAtMs) that all isolates share, such as a Durable Object or Redis over HTTP; ' +
      "or 'isolate', if each isolate may accept a request once",
  );
}

function isolateTable({ pastMs, futureMs }) {
  warnAboutIsolates();
  const both = Math.ceil((pastMs + futureMs) / 1000);
  // A table from `near` also accepts requests that were signed before its creation. The runtime starts an isolate when a
  // request arrives, so this first request was always signed before the table's creation.
  return ReplayTable.near(both > 0 && both < 1e6 ? { windowSeconds: both } : {});
}

const claimsNothing = ({ schemes = [], claimPairwise }) =>
  !claimPairwise && schemes.length === 1 && schemes[0] === pairwiseScheme;

function warnAboutIsolates() {
  warnOnce(
    'REPLAY_ISOLATE',
    'nonces are claimed in this isolate alone, so every other isolate, and this one after a restart, accepts a request again; ' +
      'pass a store that all isolates share',
  );
}
