'use strict';

const { failure } = require('../errors.js');

// Returns a clock for the `clock` setting. Its time changes only when a test calls `advance`. All times are in milliseconds.
function manualClock(nowMs = Date.now()) {
  if (!Number.isFinite(nowMs)) throw failure('CONFIG', 'nowMs: pass Unix milliseconds, a number');
  let now = nowMs;
  const advance = (ms) => {
    if (!Number.isFinite(ms)) throw failure('CONFIG', 'ms: pass a number of milliseconds');
    now += Math.round(ms);
  };
  return Object.assign(() => now, { advance });
}

module.exports = { manualClock };
