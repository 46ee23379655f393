'use strict';

const { ReplayTable } = require('../..');
const { hmacAuth } = require('../../express.js');

// Returns an app with the middleware mounted before the parsers, as documented.
function guardedApp(express, config) {
  const made = express();
  // Accepts requests from before the creation of the app, because their headers are created first.
  made.use(hmacAuth({ replay: ReplayTable.heap({ acceptOlder: true }), ...config }));
  made.use(express.json());
  made.get('/health', (_req, res) => res.send('healthy'));
  made.use((req, res) =>
    res.json({ sender: req.sealwire?.sender, body: req.body, raw: req.rawBody?.toString() }),
  );
  // eslint-disable-next-line no-unused-vars -- Express knows error handlers by their four parameters
  made.use((error, _req, res, _next) => res.status(500).send(error.code ?? String(error)));
  return made;
}

module.exports = { guardedApp };
