'use strict';

// Keys from where secrets are kept: files that name them, and the environment, Vault or Google that hold them.

const { load, loadDotenv, loadModes } = require('./lib/secrets/file.js');
const { reloadMetrics } = require('./lib/secrets/metrics.js');
const { Reloader } = require('./lib/secrets/reloader.js');
const { env, google, vault } = require('./lib/secrets/sources.js');
const { StatusFile } = require('./lib/secrets/status-file.js');

module.exports = { env, google, load, loadDotenv, loadModes, Reloader, reloadMetrics, StatusFile, vault };
