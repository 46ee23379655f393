'use strict';

// Functions that run servers and send requests over real sockets on a loopback address.

const http = require('node:http');

const EXPRESS = { 'Express 4': require('express4'), 'Express 5': require('express') };

// Runs a server with `handler` while `use` runs.
async function serving(handler, use) {
  const server = http.createServer(handler).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    return await use(`http://127.0.0.1:${server.address().port}`, server);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

// Sends a request with a raw path, header lines as a flat list, and a body in several parts. Other HTTP clients would normalise
// the request.
function send(origin, { method = 'GET', path = '/', headers = [], body = [] } = {}) {
  const lines = Array.isArray(headers) ? headers : Object.entries(headers).flat();
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const host = lines.some((name, at) => at % 2 === 0 && /^host$/i.test(name))
      ? []
      : ['Host', `${hostname}:${port}`];
    const request = http.request(
      { hostname, port, method, path, headers: [...host, ...lines] },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode, type: response.headers['content-type'], text });
        });
      },
    );
    request.on('error', reject);
    // Each part of the body is sent in a separate packet.
    writeApart(request, [body].flat());
  });
}

function writeApart(request, [piece, ...rest]) {
  if (piece === undefined) return request.end();
  request.flushHeaders();
  request.write(piece);
  return rest.length > 0 || piece === '' ? setTimeout(writeApart, 5, request, rest) : request.end();
}

// Returns a logger that stores records.
function memory() {
  const entries = [];
  return {
    entries,
    info: (fields) => entries.push({ level: 'info', ...fields }),
    warn: (fields) => entries.push({ level: 'warn', ...fields }),
  };
}

module.exports = { EXPRESS, memory, send, serving };
