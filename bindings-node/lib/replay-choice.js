'use strict';

const { failure } = require('./errors.js');
const { KeyRing } = require('./key-ring.js');
const { ReplayTable } = require('./replay-table.js');
const native = require('./native.js');

const { pairwiseScheme } = native.catalog();

const OWN_TABLE = 'heap';

// Returns the replay table or the shared store for the `replay` setting. The default is a table in a file that all workers of the
// service share.
function replayChoice(replay, keys, options) {
  const windowSeconds = longestWindow(options);
  if (options.clock) requireOwnTable(replay, options);
  if (replay === undefined) return { table: defaultTable(keys, options, windowSeconds) };
  if (replay === OWN_TABLE) return { table: ReplayTable.heap({ windowSeconds }) };
  if (ReplayTable.handle(replay)) return { table: replay };
  if (typeof replay?.claim === 'function') return { shared: replay };
  throw failure(
    'CONFIG',
    "replay: pass 'heap', a ReplayTable, a store with claim(key, expiresAtMs), or omit it for a file that all workers share",
  );
}

// Throws an error if `clock` is used together with a file or a shared store. This check runs before a file is created.
function requireOwnTable(replay, options) {
  const isFile = replay === undefined && !claimsNothing(options);
  const isShared = ReplayTable.handle(replay) === undefined && typeof replay?.claim === 'function';
  if (isFile || isShared || ReplayTable.isShared(replay)) throw failure('CONFIG', native.clockConflict());
}

const claimsNothing = ({ schemes = [], claimPairwise }) =>
  !claimPairwise && schemes.length === 1 && schemes[0] === pairwiseScheme;

function defaultTable(keys, options, windowSeconds) {
  const { service = '' } = options;
  if (claimsNothing(options)) return ReplayTable.near({ slots: 8 });
  const name = typeof service === 'string' ? service : '';
  return ReplayTable.ofService(name, KeyRing.handle(keys), windowSeconds);
}

// A longer window requires a larger table.
function longestWindow({ pastMs, futureMs }) {
  const both = Math.ceil((pastMs + futureMs) / 1000);
  return both > 0 && both < 1e6 ? both : undefined;
}

module.exports = { replayChoice };
