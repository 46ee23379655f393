'use strict';

// Client integrations that sign requests.

const { signAxios } = require('./lib/clients/axios.js');
const { signedFetch } = require('./lib/clients/fetch.js');
const { gotSigner, signGot } = require('./lib/clients/got.js');
const { serviceToService } = require('./lib/clients/service.js');
const { signedDispatcher, signingInterceptor } = require('./lib/clients/undici.js');

module.exports = {
  gotSigner,
  sendToServer: serviceToService,
  serviceToService,
  signAxios,
  signedDispatcher,
  signedFetch,
  signGot,
  signingInterceptor,
};
