'use strict';

// What a process knows of its keys, left in a file for the command `sealwire keys` to read: for services whose workers
// are not scraped one by one. A file stays when its process ends: what it accepted last counts.

const { renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const WRITE_EVERY_MS = 5 * 1000;

class StatusFile {
  #ring;
  #path;
  #service;
  #timer;

  constructor(ring, directory, service) {
    this.#ring = ring;
    this.#service = service;
    this.#path = join(directory, `${service}-${process.pid}.json`);
  }

  // Writes now, so that a directory that cannot be written stops the start; then every few seconds.
  start(everyMs = WRITE_EVERY_MS) {
    this.write();
    this.#timer = setInterval(() => this.#tryWriting(), everyMs).unref();
    return this;
  }

  // Writes a last time and ends.
  stop() {
    clearInterval(this.#timer);
    this.write();
  }

  write() {
    const keys = this.#ring.status().map(({ lastAcceptedS = null, ...key }) => ({
      ...key,
      lastAccepted: lastAcceptedS,
    }));
    const status = { service: this.#service, writtenAt: Date.now() / 1000, keys };
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
