'use strict';

// Starts Express applications that forward requests. Each application makes one common mistake, which changes
// the request. Prints the ports of the applications as JSON. Usage: node forwarders.cjs UPSTREAM_PORT

const http = require('node:http');
const express = require('../../bindings-node/node_modules/express');

const upstream = Number(process.argv[2]);

// Forwards a request to the upstream server, with the given parts changed.
function forward(req, res, { path = req.originalUrl, body = req.rawBody, headers = {} } = {}) {
  const copied = { ...req.headers, ...headers };
  delete copied['content-length'];
  delete copied['transfer-encoding'];
  if (body?.length > 0) copied['content-length'] = Buffer.byteLength(body);
  const options = { host: '127.0.0.1', port: upstream, method: req.method, path, headers: copied };
  const sent = http.request(options, (answer) => answer.pipe(res.status(answer.statusCode)));
  sent.on('error', () => res.status(502).end());
  sent.end(body?.length > 0 ? body : undefined);
}

function raw(req, res, next) {
  const parts = [];
  req.on('data', (part) => parts.push(part));
  req.on('end', () => {
    req.rawBody = Buffer.concat(parts);
    next();
  });
}

const query = (req) => new URL(req.originalUrl, 'http://x').searchParams;
const withQuery = (req, text) => `${req.path}?${text}`;

const APPS = {
  // `req.url` does not contain the mount path.
  mount: (app) => app.use('/api', raw, (req, res) => forward(req, res, { path: req.url })),
  // The body is parsed and then serialised again.
  json: (app) => {
    app.use(express.json());
    app.use((req, res) => forward(req, res, { body: JSON.stringify(req.body) }));
  },
  indented: (app) => {
    app.use(express.json());
    app.use((req, res) => forward(req, res, { body: JSON.stringify(req.body, null, 2) }));
  },
  form: (app) => {
    app.use(express.urlencoded({ extended: false }));
    app.use((req, res) => forward(req, res, { body: new URLSearchParams(req.body).toString() }));
  },
  // With `trust proxy`, Express sets `req.hostname` to the host in X-Forwarded-Host.
  trust: (app) => {
    app.set('trust proxy', true);
    app.use(raw, (req, res) => forward(req, res, { headers: { host: req.hostname } }));
  },
  // `req.hostname` does not contain the port.
  hostname: (app) => app.use(raw, (req, res) => forward(req, res, { headers: { host: req.hostname } })),
  // URLSearchParams encodes a space as +.
  plus: (app) => app.use(raw, (req, res) => forward(req, res, { path: withQuery(req, query(req)) })),
  sorted: (app) =>
    app.use(raw, (req, res) => {
      const sorted = req.originalUrl.split('?')[1].split('&').sort().join('&');
      forward(req, res, { path: withQuery(req, sorted) });
    }),
  // express.raw decompresses the body.
  inflated: (app) => {
    app.use(express.raw({ type: '*/*' }));
    app.use((req, res) => forward(req, res, { body: req.body }));
  },
  decoded: (app) =>
    app.use(raw, (req, res) =>
      forward(req, res, { path: decodeURIComponent(req.path).replace(/ /g, '%20') }),
    ),
  slash: (app) =>
    app.use(raw, (req, res) => forward(req, res, { path: req.originalUrl.replace(/\/(?=\?|$)/, '') })),
  doubled: (app) =>
    app.use(raw, (req, res) => {
      const value = req.headers['x-service-name'];
      forward(req, res, { headers: { 'x-service-name': [value, value] } });
    }),
  trimmed: (app) =>
    app.use(raw, (req, res) => forward(req, res, { body: Buffer.from(req.rawBody.toString().trimEnd()) })),
};

async function main() {
  const ports = {};
  for (const [name, configure] of Object.entries(APPS)) {
    const app = express();
    configure(app);
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    ports[name] = server.address().port;
  }
  console.log(JSON.stringify(ports));
}

main();
