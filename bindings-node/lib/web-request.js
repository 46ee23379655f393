'use strict';

// A web request, as the gate reads Node's.
function webRequest({ req }) {
  const node = req.runtime?.node?.req;
  const url = new URL(req.url);
  return {
    method: req.method,
    // Web headers come joined; Node's own list still shows a header that was sent twice.
    headers: node?.headers ?? { ':authority': url.host, ...Object.fromEntries(req.headers) },
    rawHeaders: node?.rawHeaders ?? [...req.headers].flat(),
    socket: node?.socket ?? { remoteAddress: req.ip, encrypted: url.protocol === 'https:' },
    readBody: (take) => readClone(req, take),
  };
}

// Of a clone: the handler reads the request itself.
async function readClone(req, take) {
  const { body } = req.clone();
  for await (const chunk of body ?? []) {
    const refused = take(chunk);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

module.exports = { webRequest };
