'use strict';

const { SOURCE } = require('./claims.js');
const { readStream } = require('./read-stream.js');

// Converts a standard `Request` to the form that the gate requires. `peer` is the address of the socket, if the runtime reports
// it.
function webRequest(request, { peer = '', body = () => request.clone().body } = {}) {
  const { host, protocol, pathname, search } = new URL(request.url);
  return {
    [SOURCE]: request,
    method: request.method,
    url: pathname + search,
    headers: { ':authority': host, ...Object.fromEntries(request.headers) },
    rawHeaders: [...request.headers].flat(),
    socket: { remoteAddress: peer, encrypted: protocol === 'https:' },
    readBody: (take, timeoutMs) => readStream(body(), take, timeoutMs),
  };
}

module.exports = { webRequest };
