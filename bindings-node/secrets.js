'use strict';

// Key files, and sources of secrets: the environment, Vault and Google Secret Manager.

const { load, loadDotenv, loadModes } = require('./lib/secrets/file.js');
const { reloadMetrics } = require('./lib/secrets/metrics.js');
const { Reloader } = require('./lib/secrets/reloader.js');
const { env, google, vault } = require('./lib/secrets/sources.js');
const { StatusFile } = require('./lib/secrets/status-file.js');

module.exports = { env, google, load, loadDotenv, loadModes, Reloader, reloadMetrics, StatusFile, vault };
