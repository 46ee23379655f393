import type { KeyRing, Keys, KeysFromEnv, LoadedKeys, Mode, Modes, ModesSpec } from './index.js';

/** A source of secrets, which resolves references in a key file. For example, the source with the `kind` value `vault` resolves
 * `{ vault = .. }`. */
export interface Source {
  readonly kind: string;
  /** Returns the secret for a reference. Rejects if the secret cannot be read. `load` then adds the name of the entry to the
   * error. */
  read(reference: unknown): Promise<string | Uint8Array>;
}

/** Returns a source for `{ env = "NAME" }`. An empty variable is treated as unset. */
export declare function env(variables?: Record<string, string | undefined>): Source;

/** Returns a source for `{ vault = { path = "..", key = ".." } }`. It reads from version 2 of the key-value engine of HashiCorp
 * Vault or OpenBao. `client` is a node-vault client. `mount` is the engine's mount path. The default is `secret`. */
export declare function vault(
  client: { read(path: string): Promise<{ data: { data: Record<string, unknown> } }> },
  options?: { mount?: string },
): Source;

/** Returns a source for `{ google = { secret = "..", version = ".." } }`. `client` is a SecretManagerServiceClient from the
 * `@google-cloud/secret-manager` package. */
export declare function google(
  client: { accessSecretVersion(request: { name: string }): Promise<readonly unknown[]> },
  options: { project: string },
): Source;

export interface LoadOptions {
  /** The sources from which secret references are resolved. Value: a list of sources. Default: the environment. */
  sources?: readonly Source[];
  /** The table with the issuer keys, if the file also contains other settings, such as `core.accountLifeCycle`. Value: a string. */
  table?: string;
  /** The service that loads the file. Pairs without this service are not loaded. Value: a string. */
  service?: string;
  /** Accepts secrets of fewer than 32 bytes. Value: true or false. Default: `false`. */
  allowWeak?: boolean;
}

/** Loads the keys in a file and resolves all references. Pass the result to `new KeyRing` or `replace`. The file name
 * determines the format: TOML, JSON, or, for all other names, variables as in `.env`. Rejects with an error whose `code` is
 * SEALWIRE_KEYS. The error message contains the entry and the reference, but never a secret. */
export declare function load(path: string, options?: LoadOptions): Promise<LoadedKeys>;

/** Loads the pair secrets in a `.env` file. Pass the result to `new KeyRing`. */
export declare function loadDotenv(
  path: string,
  service: string,
  options?: { allowWeak?: boolean },
): KeysFromEnv;

/** Reads the modes in a file. Pass the result to `new Modes` or `replace`. In a TOML or JSON file, which can be the key file, it
 * reads `mode`, `senders` and `observeOnly`. In a `.env` file, it reads HMAC_AUTH_ENABLED. `otherwise` contains the defaults. */
export declare function loadModes(
  path: string,
  otherwise?: { mode?: Mode; senders?: Record<string, Mode> },
): ModesSpec;

export interface ReloaderOptions {
  /** The files to watch. A change causes a reload. Value: a file path, or a list of them. */
  path?: string | readonly string[];
  /** The interval between reloads, even if no file has changed. Required for secret stores. Value: a whole number of milliseconds from 1 to 2147483647. */
  everyMs?: number;
  /** The interval between checks for changed files. Value: a whole number of milliseconds from 1 to 2147483647. Default: `1000`. */
  lookEveryMs?: number;
  /** A signal that causes a reload. Value: a string. */
  signal?: NodeJS.Signals;
  /** Receives the result of each reload. Value: a logger with the methods info and error. Default: console. */
  logger?: { info(message: string): void; error(message: string): void };
}

/** Reloads a key ring or modes. Invalid contents are rejected with an error, and the current contents stay active. Use separate
 * reloaders for keys and modes, so that you can switch enforcement off while a secret store is unavailable. */
export declare class Reloader {
  constructor(
    ring: KeyRing,
    load: () => Keys | KeysFromEnv | LoadedKeys | Promise<Keys | KeysFromEnv | LoadedKeys>,
    options?: ReloaderOptions,
  );
  constructor(modes: Modes, load: () => ModesSpec | Promise<ModesSpec>, options?: ReloaderOptions);
  readonly what: 'keys' | 'modes';
  readonly reloaded: number;
  readonly refused: number;
  /** Whether the last reload succeeded. */
  readonly inOrder: boolean;
  start(): this;
  stop(): void;
  /** Reloads now. Returns false if the new contents were rejected. */
  reload(): Promise<boolean>;
}

/** Writes the status of a key ring to `<directory>/<service>-<process id>.json`, for the `sealwire keys status` command. */
export declare class StatusFile {
  constructor(ring: KeyRing, directory: string, service: string);
  /** Writes the file immediately, and then every `everyMs` milliseconds. The default is 5000. */
  start(everyMs?: number): this;
  stop(): void;
  write(): void;
}

/** Adds metrics to prom-client's registry: the number of reloads, and the `retireAfter` dates in the key file at `path`. */
export declare function reloadMetrics(
  reloader: Reloader,
  options?: { path?: string; client?: object; register?: object },
): void;
