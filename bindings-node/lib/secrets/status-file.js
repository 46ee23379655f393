'use strict';

// The status of a process's keys, written to a file for the command `sealwire keys`: for services whose workers are not scraped one
// by one. Cluster workers and worker threads each write their own file. It stays when its process ends, because the keys it
// accepted last still count.

const { renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { isMainThread, threadId } = require('node:worker_threads');

const WRITE_EVERY_MS = 5 * 1000;

class StatusFile {
  #ring;
  #path;
  #service;
  #timer;
  #startedAt;

  constructor(ring, directory, service) {
    this.#ring = ring;
    this.#service = service;
    this.#startedAt = Date.now() / 1000;
    const writer = isMainThread ? process.pid : `${process.pid}-${threadId}`;
    this.#path = join(directory, `${service}-${writer}.json`);
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
