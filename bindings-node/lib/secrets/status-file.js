'use strict';

// Writes the status of a process's keys to a file, which the `sealwire keys` command reads. This is for services whose workers
// are not scraped individually by Prometheus. Each cluster worker and each worker thread writes a separate file. The file is
// not removed when the process exits, because its data is still needed.

const { renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { isMainThread, threadId } = require('node:worker_threads');
const { failure } = require('../errors.js');
const { KeyRing } = require('../key-ring.js');
const { MAX_DELAY_MS } = require('../timer-limit.js');

const WRITE_EVERY_MS = 5 * 1000;

class StatusFile {
  #ring;
  #path;
  #service;
  #timer;
  #startedAt;

  constructor(ring, directory, service) {
    KeyRing.handle(ring);
    for (const [name, text] of Object.entries({ directory, service })) {
      if (typeof text !== 'string' || text === '')
        throw failure('CONFIG', `${name}: pass a non-empty string`);
    }
    this.#ring = ring;
    this.#service = service;
    this.#startedAt = Date.now() / 1000;
    const writer = isMainThread ? process.pid : `${process.pid}-${threadId}`;
    this.#path = join(directory, `${service}-${writer}.json`);
  }

  // Writes the file, and then writes it again every `everyMs` milliseconds. Throws an error if the first attempt to write fails.
  start(everyMs = WRITE_EVERY_MS) {
    if (!Number.isInteger(everyMs) || everyMs < 1 || everyMs > MAX_DELAY_MS) {
      throw failure('CONFIG', `everyMs: pass a whole number of milliseconds from 1 to ${MAX_DELAY_MS}`);
    }
    this.write();
    this.#timer = setInterval(() => this.#tryWriting(), everyMs).unref();
    return this;
  }

  // Stops the timer and writes the file one last time.
  stop() {
    clearInterval(this.#timer);
    this.write();
  }

  write() {
    const keys = this.#ring.status().map(({ lastAcceptedS = null, ...key }) => ({
      ...key,
      lastAccepted: lastAcceptedS,
    }));
    const status = {
      service: this.#service,
      pid: process.pid,
      startedAt: this.#startedAt,
      writtenAt: Date.now() / 1000,
      keys,
    };
    writeFileSync(`${this.#path}.tmp`, JSON.stringify(status));
    renameSync(`${this.#path}.tmp`, this.#path);
  }

  #tryWriting() {
    try {
      this.write();
    } catch (error) {
      process.emitWarning(`key status cannot be written to ${this.#path}: ${error.code}`, 'SealwireWarning');
    }
  }
}

module.exports = { StatusFile };
