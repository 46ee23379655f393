'use strict';

// The longest delay of a timer, in milliseconds (24.8 days). Node.js and browsers replace a longer delay with 1 millisecond.
const MAX_DELAY_MS = 0x7fffffff;

const limitedDelay = (milliseconds) => Math.min(milliseconds, MAX_DELAY_MS);

module.exports = { limitedDelay, MAX_DELAY_MS };
