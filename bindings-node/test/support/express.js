'use strict';

const { ReplayTable } = require('../..');
const { hmacAuth } = require('../../express.js');

// Returns an application that mounts the middleware before the body parsers, as the documentation recommends.
function guardedApp(express, config) {
  const made = express();
  // The table accepts requests that were signed before its creation, because tests sign requests before they create the
  // application.
  made.use(hmacAuth({ replay: ReplayTable.heap({ acceptOlder: true }), ...config }));
  made.use(express.json());
  made.get('/health', (_req, res) => res.send('healthy'));
  made.use((req, res) =>
    res.json({ sender: req.sealwire?.sender, body: req.body, raw: req.rawBody?.toString() }),
  );
  // eslint-disable-next-line no-unused-vars -- Express detects error handlers by their four parameters
  made.use((error, _req, res, _next) => res.status(500).send(error.code ?? String(error)));
  return made;
}

module.exports = { guardedApp };
