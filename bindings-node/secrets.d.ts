import type { KeyRing, Keys, KeysFromEnv, LoadedKeys, Mode, Modes, ModesSpec } from './index.js';

/** Reads secrets by reference: `{ vault = .. }` in a key file is read by the source whose `kind` is `vault`. */
export interface Source {
  readonly kind: string;
  /** Rejects if the secret cannot be read; `load` adds the name of the entry. */
  read(reference: unknown): Promise<string | Uint8Array>;
}

/** Reads `{ env = "NAME" }`. An empty variable counts as unset. */
export declare function env(variables?: Record<string, string | undefined>): Source;

/** Reads `{ vault = { path = "..", key = ".." } }` from HashiCorp Vault or OpenBao, key-value engine version 2.
 * `client` is one of the package node-vault; `mount` (default `secret`) is the mount path of the
 * engine. */
export declare function vault(
  client: { read(path: string): Promise<{ data: { data: Record<string, unknown> } }> },
  options?: { mount?: string },
): Source;

/** Reads `{ google = { secret = "..", version = ".." } }`. `client` is a SecretManagerServiceClient of the package
 * `@google-cloud/secret-manager`. */
export declare function google(
  client: { accessSecretVersion(request: { name: string }): Promise<readonly unknown[]> },
  options: { project: string },
): Source;

export interface LoadOptions {
  /** The sources that resolve references. Give a list of sources. Default: the environment. */
  sources?: readonly Source[];
  /** The table of a larger file that contains the issuer's keys, such as `core.accountLifeCycle`. Give a string. */
  table?: string;
  /** The service that loads the file; pairs of other services are not loaded. Give a string. */
  service?: string;
  /** Accepts secrets of fewer than 32 bytes. Give true or false. Default: `false`. */
  allowWeak?: boolean;
}

/** Loads the keys of a file (TOML or JSON by its name, else variables as in `.env`) for `new KeyRing` and `replace`,
 * with all secrets resolved. Rejects with `code` SEALWIRE_KEYS; the message contains the entry and the reference, never
 * the secret. */
export declare function load(path: string, options?: LoadOptions): Promise<LoadedKeys>;

/** Loads the pair secrets of a `.env` file, for `new KeyRing`. */
export declare function loadDotenv(
  path: string,
  service: string,
  options?: { allowWeak?: boolean },
): KeysFromEnv;

/** Reads the modes of a file, for `new Modes` and `replace`: `mode`, `senders` and `observeOnly`
 * of a TOML or JSON file, which can be the key file; or HMAC_AUTH_ENABLED of a `.env` file. The
 * arguments are the defaults. */
export declare function loadModes(
  path: string,
  otherwise?: { mode?: Mode; senders?: Record<string, Mode> },
): ModesSpec;

export interface ReloaderOptions {
  /** Files whose changes cause a reload. Give a file path, or a list of them. */
  path?: string | readonly string[];
  /** The interval of unconditional reloads; required for secret stores. Give a whole number of milliseconds from 1 to 2147483647. */
  everyMs?: number;
  /** The interval at which files are checked for changes. Give a whole number of milliseconds from 1 to 2147483647. Default: `1000`. */
  lookEveryMs?: number;
  /** A signal that causes a reload. Give a string. */
  signal?: NodeJS.Signals;
  /** Receives the result of each reload. Give a logger with the methods info and error. Default: console. */
  logger?: { info(message: string): void; error(message: string): void };
}

/** Reloads a key ring or modes. Invalid contents are rejected with an error, and the current ones
 * stay active. Use one reloader for keys and one for modes, so that enforcement can be switched
 * off while a secret store is down. */
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
  /** Whether the last attempt succeeded. */
  readonly inOrder: boolean;
  start(): this;
  stop(): void;
  /** Reloads now. Returns false if the new contents were rejected. */
  reload(): Promise<boolean>;
}

/** Writes a ring's status to `<directory>/<service>-<process id>.json`, for the command `sealwire keys status`. */
export declare class StatusFile {
  constructor(ring: KeyRing, directory: string, service: string);
  /** Default every 5000 ms. */
  start(everyMs?: number): this;
  stop(): void;
  write(): void;
}

/** Adds metrics of reloads, and of the `retireAfter` dates in the key file at `path`, to prom-client's registry. */
export declare function reloadMetrics(
  reloader: Reloader,
  options?: { path?: string; client?: object; register?: object },
): void;
