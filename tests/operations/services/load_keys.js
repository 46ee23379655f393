'use strict';

// Loads a key file in the same way as a service, and prints the status of the key ring or the error message.

const path = require('node:path');
const { KeyRing } = require('../../../bindings-node');
const { env, google, load, vault } = require('../../../bindings-node/secrets.js');

const { GOOGLE_ADDRESS, KEYS, TABLE: table, VAULT_ADDR, VAULT_TOKEN: token } = process.env;

function sources() {
  const found = [env()];
  if (VAULT_ADDR) found.push(vault(require('node-vault')({ endpoint: VAULT_ADDR, token })));
  if (GOOGLE_ADDRESS) found.push(google(googleClient(), { project: 'demo' }));
  return found;
}

function googleClient() {
  const grpc = require('google-gax').grpc;
  const { SecretManagerServiceClient } = require('@google-cloud/secret-manager');
  const [servicePath, port] = GOOGLE_ADDRESS.split(':');
  return new SecretManagerServiceClient({
    servicePath,
    port: Number(port),
    sslCreds: grpc.credentials.createInsecure(),
  });
}

async function main() {
  try {
    const ring = new KeyRing(await load(path.resolve(KEYS), { sources: sources(), table }));
    console.log(JSON.stringify({ status: ring.status() }));
  } catch (error) {
    console.log(JSON.stringify({ code: error.code, error: error.message }));
  }
  process.exit(0);
}

main();
