'use strict';

const { GONE, LATE } = require('./body.js');

// Returns a standard `Request` in the form that the gate requires. `peer` is the address of the socket, if
// the runtime reports it.
function webRequest(request, { peer = '', body = () => request.clone().body } = {}) {
  const { host, protocol, pathname, search } = new URL(request.url);
  return {
    method: request.method,
    url: pathname + search,
    headers: { ':authority': host, ...Object.fromEntries(request.headers) },
    rawHeaders: [...request.headers].flat(),
    socket: { remoteAddress: peer, encrypted: protocol === 'https:' },
    readBody: (take, timeoutMs) => readStream(body(), take, timeoutMs),
  };
}

// Reads a complete body. Resolves like `takeBody`.
async function readStream(stream, take, timeoutMs) {
  if (!stream) return undefined;
  const reader = stream.getReader();
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, timeoutMs, LATE);
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

module.exports = { readStream, webRequest };
