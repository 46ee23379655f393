// Worker threads that verify requests at the same time. Each thread uses a replay table in a file.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export class Workers {
  #waiting = new SharedArrayBuffer(4);
  #workers;

  constructor(count) {
    const workerData = { waiting: this.#waiting };
    const started = () => new Worker(new URL('worker.mjs', import.meta.url), { workerData });
    this.#workers = Array.from({ length: count }, started);
  }

  get count() {
    return this.#workers.length;
  }

  // Verifies `requests` requests in total and returns the wall time per request in nanoseconds. `files`
  // contains one replay file per thread.
  async wall(files, requests) {
    new Int32Array(this.#waiting)[0] = 0;
    const finished = this.#workers.map((worker) => once(worker, 'message'));
    const threads = this.count;
    this.#workers.forEach((worker, at) =>
      worker.postMessage({ file: files[at], requests: requests / threads, threads }),
    );
    const spans = (await Promise.all(finished)).map(([span]) => span);
    const first = spans.map(([began]) => began).reduce((a, b) => (a < b ? a : b));
    const last = spans.map(([, ended]) => ended).reduce((a, b) => (a > b ? a : b));
    return Number(last - first) / requests;
  }

  stop() {
    return Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
