'use strict';

// Replaces keys or modes without restarting the service: on a signal, when a file changes, or at a fixed interval.

const { constants } = require('node:os');
const { checkSettings } = require('../check-settings.js');
const { failure, warn } = require('../errors.js');
const { Modes } = require('../modes.js');
const native = require('../native.js');

// The interval between checks for file changes. Unlike file notifications, polling works on all file systems.
const LOOK_EVERY_MS = 1000;

// Reloads a key ring or modes. Invalid contents are rejected with an error, and the current contents stay active. Keys and
// modes have separate reloaders, so that you can switch enforcement off while a secret store is unavailable.
class Reloader {
  #kept;
  #load;
  #paths;
  #options;
  #seen;
  #timers = [];
  #onSignal;
  #running;

  constructor(kept, load, options = {}) {
    checkSettings('reloader', options, 'new Reloader()');
    const { path = [], everyMs, lookEveryMs = LOOK_EVERY_MS, signal, logger = console } = options;
    requireParts(kept, load, { signal, logger });
    requirePaths([path].flat());
    this.#kept = kept;
    this.what = Modes.is(kept) ? 'modes' : 'keys';
    this.#load = load;
    this.#paths = [path].flat().map(String);
    this.#options = { everyMs, lookEveryMs, signal, logger };
    this.#seen = this.#states();
    const missing = this.#paths.find((each) => native.fileState(each) === null);
    if (missing !== undefined) {
      throw failure('CONFIG', `path: ${missing} does not exist; pass the file that is loaded`);
    }
    this.reloaded = 0;
    this.refused = 0;
    this.inOrder = true;
  }

  // Starts the timers and the signal handler. The timers do not keep the process alive.
  start() {
    const { everyMs, lookEveryMs, signal } = this.#options;
    if (this.#paths.length === 0 && !everyMs && !signal) {
      warn(`the Reloader of the ${this.what} has no path, no interval and no signal`);
    }
    if (this.#paths.length > 0) {
      this.#inTurn(() => this.#loadAgain());
      this.#every(lookEveryMs, () => this.#look());
    }
    // Secret stores do not report changes, so their keys are reloaded at an interval or on a signal.
    if (everyMs) this.#every(everyMs, () => this.reload());
    if (signal) {
      this.#onSignal = () => this.reload();
      process.on(signal, this.#onSignal);
    }
    return this;
  }

  stop() {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    if (this.#onSignal) process.off(this.#options.signal, this.#onSignal);
    this.#onSignal = undefined;
  }

  // Reloads now. Resolves to false if the new contents were rejected. Concurrent calls are executed one after another.
  reload() {
    return this.#inTurn(() => this.#reload());
  }

  #inTurn(act) {
    this.#running = (this.#running ?? Promise.resolve()).then(act);
    return this.#running;
  }

  // Loads the files once more, unless they have changed since the constructor read their properties. They can have changed
  // between the caller's load and the constructor. This is not counted as a reload.
  async #loadAgain() {
    try {
      if (this.#states() === this.#seen) this.#kept.replace(await this.#load());
    } catch (error) {
      if (this.#states() === this.#seen) this.#refuse(error);
    }
  }

  async #reload() {
    const { logger } = this.#options;
    this.#seen = this.#states(); // read before the contents, so that a change during the reload is detected
    try {
      this.#kept.replace(await this.#load());
      this.reloaded += 1;
      this.inOrder = true;
      logger.info(`sealwire: ${this.what} reloaded`);
    } catch (error) {
      this.#refuse(error);
    }
    return this.inOrder;
  }

  #refuse(error) {
    this.refused += 1;
    this.inOrder = false;
    // Sealwire's own error messages contain no secrets. For other errors, only the class name is logged.
    const told = String(error?.code).startsWith('SEALWIRE_') ? error.message : error?.name;
    this.#options.logger.error(`sealwire: ${this.what} NOT reloaded, the old ones stay in use: ${told}`);
  }

  #look() {
    if (this.#states() !== this.#seen) return this.reload();
    return undefined;
  }

  #every(milliseconds, act) {
    this.#timers.push(setInterval(act, milliseconds).unref());
  }

  #states() {
    return this.#paths.map((path) => native.fileState(path)).join();
  }
}

function requirePaths(paths) {
  if (paths.some((path) => typeof path !== 'string')) {
    throw failure('CONFIG', 'path: pass the path of a file, or a list of paths');
  }
}

function requireParts(kept, load, { signal, logger }) {
  if (signal !== undefined && constants.signals[signal] === undefined) {
    throw failure(
      'CONFIG',
      `signal: ${JSON.stringify(signal)} is not a signal of this system; pass one such as 'SIGHUP'`,
    );
  }
  if (typeof kept?.replace !== 'function') {
    throw failure('CONFIG', 'new Reloader(): pass the KeyRing or Modes to keep current first');
  }
  if (typeof load !== 'function') {
    throw failure(
      'CONFIG',
      'new Reloader(): pass a function that loads the keys or modes as the second argument',
    );
  }
  if (typeof logger?.info !== 'function' || typeof logger.error !== 'function') {
    throw failure('CONFIG', 'logger: pass a logger with the methods info and error, such as console');
  }
}

module.exports = { Reloader };
