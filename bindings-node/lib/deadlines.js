'use strict';

const { limitedDelay } = require('./timer-limit.js');

// A time limit for many promises, which share one timer. Creating a timer for each promise would take as long as a claim in
// Redis.
class Deadlines {
  #timeoutMs;
  #error;
  // The promises, sorted by timeout. Settled promises stay in this list until the timer fires.
  #waiting = [];
  #unsettled = 0;
  #timer;

  // `error` is a function that creates the error for a promise that is not settled in time.
  constructor(timeoutMs, error) {
    this.#timeoutMs = timeoutMs;
    this.#error = error;
  }

  // Returns a promise that settles like `promise`, or rejects after the timeout.
  limit(promise) {
    return new Promise((resolve, reject) => {
      const waiting = { due: performance.now() + this.#timeoutMs, isSettled: false, reject };
      this.#add(waiting);
      promise.then(
        (value) => this.#settle(waiting, resolve, value),
        (error) => this.#settle(waiting, reject, error),
      );
    });
  }

  // Adds a promise. The timer keeps the process alive only while a promise is pending.
  #add(waiting) {
    this.#waiting.push(waiting);
    this.#unsettled += 1;
    if (this.#timer === undefined) this.#wait(this.#timeoutMs);
    else if (this.#unsettled === 1) this.#timer.ref();
  }

  #settle(waiting, settle, value) {
    if (waiting.isSettled) return;
    waiting.isSettled = true;
    this.#unsettled -= 1;
    if (this.#unsettled === 0) this.#timer?.unref();
    settle(value);
  }

  #wait(milliseconds) {
    this.#timer = setTimeout(() => this.#expire(), limitedDelay(milliseconds));
  }

  #expire() {
    const now = performance.now();
    const late = this.#waiting.filter(({ due, isSettled }) => !isSettled && due <= now);
    this.#waiting = this.#waiting.filter(({ due, isSettled }) => !isSettled && due > now);
    const [next] = this.#waiting;
    this.#timer = undefined;
    if (next) this.#wait(Math.ceil(next.due - now));
    for (const waiting of late) this.#settle(waiting, waiting.reject, this.#error());
  }
}

module.exports = { Deadlines };
