'use strict';

// Reads the clock. An application can set `clock` to replace the clock in tests.

const { failure, warnOnce } = require('./errors.js');
const native = require('./native.js');

const { unknownTime } = native.catalog();

// Returns the time for a verification. If the clock fails, returns a time that makes the verifier reject all timestamps.
function verifyingTime(clock) {
  const { time, fault } = read(clock);
  if (fault === undefined) return time;
  warnOnce('CLOCK', `${fault}; requests are rejected`);
  return unknownTime;
}

// Returns the time for a signature. Throws an error if the clock fails.
function signingTime(clock) {
  const { time, fault, cause } = read(clock);
  if (fault === undefined) return time;
  throw Object.assign(failure('SIGN', fault), { cause });
}

function read(clock) {
  try {
    const time = clock();
    const fault = typeof time === 'number' ? native.clockFault(time) : wrongType(time);
    return { time, fault: fault ? `clock: ${fault}` : undefined };
  } catch (cause) {
    return { fault: 'clock: it threw an error', cause };
  }
}

function wrongType(time) {
  // An unhandled rejection of this promise would terminate the process.
  if (time instanceof Promise) time.catch(() => {});
  return `it returned a value of type ${typeof time}, and must return Unix milliseconds, a number`;
}

module.exports = { signingTime, verifyingTime };
