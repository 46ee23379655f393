'use strict';

// Sources of secrets. Each reads one type of reference with the usual client.

const { checkSettings } = require('../check-settings.js');
const { failure } = require('../errors.js');

// Reads `{ env = "NAME" }`. An empty variable is treated as unset.
function env(variables = process.env) {
  return {
    kind: 'env',
    async read(reference) {
      if (typeof reference !== 'string') throw wrong('write it as { env = "NAME" }');
      const value = variables[reference];
      if (!value) throw wrong(`the environment variable ${reference} is not set; set it and start again`);
      return value;
    },
  };
}

// Reads `{ vault = { path = "..", key = ".." } }` from HashiCorp Vault or OpenBao, key-value engine version
// 2. `client` is an authenticated client of the package node-vault.
function vault(client, options = {}) {
  checkSettings('vault', options, 'vault()');
  const { mount = 'secret' } = options;
  if (typeof client?.read !== 'function')
    throw failure('CONFIG', 'vault(): give a client of node-vault first');
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

// Reads `{ google = { secret = "..", version = ".." } }`. `client` is a SecretManagerServiceClient of the
// package @google-cloud/secret-manager. Use `raw = true` for secrets that are bytes instead of text.
function google(client, options) {
  checkSettings('google', options ?? {}, 'google()');
  const { project } = options ?? {};
  if (project === undefined) throw failure('CONFIG', 'project: give the project that contains the secrets');
  if (typeof client?.accessSecretVersion !== 'function') {
    throw failure('CONFIG', 'google(): give a SecretManagerServiceClient first');
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

// Returns a payload as text, without the final line break of an editor or `echo`.
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
  // Not enumerable, because the error of a client can contain its token and must not be printed.
  if (cause !== undefined) Object.defineProperty(error, 'cause', { value: cause, enumerable: false });
  return error;
}

module.exports = { env, google, vault };
