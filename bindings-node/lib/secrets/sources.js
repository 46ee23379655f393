'use strict';

// Sources of secrets. A source resolves one kind of reference, using the standard client library of the secret store.

const { checkSettings } = require('../check-settings.js');
const { failure } = require('../errors.js');
const native = require('../native.js');

// Returns a source for `{ env = "NAME" }`. An empty variable is treated as unset.
function env(variables = process.env) {
  return {
    kind: 'env',
    async read(reference) {
      if (typeof reference !== 'string') throw wrong('write it as { env = "NAME" }');
      const value = variables[reference];
      if (!value) {
        const name = native.shownName(reference);
        throw wrong(`the environment variable ${name} is not set; set it and start again`);
      }
      return value;
    },
  };
}

// Returns a source for `{ vault = { path = "..", key = ".." } }`, which reads from version 2 of the key-value engine of
// HashiCorp Vault or OpenBao. `client` is an authenticated node-vault client.
function vault(client, options = {}) {
  checkSettings('vault', options, 'vault()');
  const { mount = 'secret' } = options;
  if (typeof client?.read !== 'function')
    throw failure('CONFIG', 'vault(): pass a client of node-vault first');
  return {
    kind: 'vault',
    async read(reference) {
      const [path, key] = texts(reference, ['path', 'key'], '{ vault = { path = "..", key = ".." } }');
      const value = (await vaultData(client, mount, path))?.[key];
      if (typeof value !== 'string' || value === '')
        throw wrong(`Vault has no key ${key} at ${mount}/${path}; write it there`);
      return value;
    },
  };
}

async function vaultData(client, mount, path) {
  try {
    return (await client.read(`${mount}/data/${path}`)).data.data;
  } catch (cause) {
    const status = cause?.response?.statusCode ?? cause?.code ?? cause?.name;
    const advice = 'check its address, the token and the policy';
    throw wrong(`Vault did not return ${mount}/${path} (${status}); ${advice}`, cause);
  }
}

// Returns a source for `{ google = { secret = "..", version = ".." } }`. `client` is a SecretManagerServiceClient of the package
// @google-cloud/secret-manager. A reference to a secret that is not text needs `raw = true`.
function google(client, options) {
  checkSettings('google', options ?? {}, 'google()');
  const { project } = options ?? {};
  if (project === undefined) throw failure('CONFIG', 'project: pass the project that contains the secrets');
  if (typeof client?.accessSecretVersion !== 'function') {
    throw failure('CONFIG', 'google(): pass a SecretManagerServiceClient first');
  }
  return {
    kind: 'google',
    async read(reference) {
      const [secret] = texts(reference, ['secret'], '{ google = { secret = ".." } }');
      const name = `projects/${project}/secrets/${secret}/versions/${reference.version ?? 'latest'}`;
      const bytes = await googleData(client, name);
      return reference.raw === true ? bytes : textOf(name, bytes);
    },
  };
}

async function googleData(client, name) {
  try {
    const [answer] = await client.accessSecretVersion({ name });
    return Buffer.from(answer.payload.data);
  } catch (cause) {
    const advice = 'check that it exists and that the service account may access it';
    throw wrong(
      `Google Secret Manager did not return ${name} (${cause?.code ?? cause?.name}); ${advice}`,
      cause,
    );
  }
}

// Returns a payload as text. Removes trailing line breaks, which editors and `echo` add.
function textOf(name, bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/[\r\n]+$/, '');
  } catch {
    throw wrong(`${name} contains bytes, not text; add raw = true to the reference`);
  }
}

function texts(reference, names, shape) {
  const values = names.map((name) => reference?.[name]);
  if (!values.every((value) => typeof value === 'string' && value !== ''))
    throw wrong(`write it as ${shape}`);
  return values;
}

function wrong(message, cause) {
  const error = failure('KEYS', message);
  // The property is not enumerable, so that loggers do not print it. A client's error can contain its token.
  if (cause !== undefined) Object.defineProperty(error, 'cause', { value: cause, enumerable: false });
  return error;
}

module.exports = { env, google, vault };
