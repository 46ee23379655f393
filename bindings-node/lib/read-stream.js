'use strict';

const { limitedDelay } = require('./timer-limit.js');

const GONE = Symbol('the client closed the connection');
const LATE = Symbol('the body did not arrive in time');

// Reads a body from a web stream and passes its chunks to `take`. If `take` returns a value, reading stops and the promise
// resolves to this value. Otherwise the promise resolves to GONE, LATE, or undefined for a complete body.
async function readStream(stream, take, timeoutMs) {
  if (!stream) return undefined;
  const reader = stream.getReader();
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, limitedDelay(timeoutMs), LATE);
  });
  const stopped = await Promise.race([drained(reader, take), late]);
  clearTimeout(timer);
  if (stopped !== undefined) reader.cancel().catch(() => {});
  return stopped;
}

async function drained(reader, take) {
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const stopped = done ? undefined : take(value);
      if (done || stopped !== undefined) return stopped;
    }
  } catch {
    return GONE;
  }
}

module.exports = { GONE, LATE, readStream };
