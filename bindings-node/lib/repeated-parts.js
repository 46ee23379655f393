'use strict';

// The parts that are equal from one request to the next. The native side keeps them (src/scratch.rs) and
// receives changes. Comparing six strings costs less than joining them to a URL.
class RepeatedParts {
  // Whether the native side is known to have these. A call that fails may have left either there.
  #isHeld = false;
  #method;
  #authority;
  #scheme;
  #receiver;
  #userId;
  #nonce;

  // The parts joined, where they are others than before: to be handed over next, then `held`. Else undefined.
  changed(method, authority, scheme, receiver, userId, nonce) {
    if (
      this.#isHeld &&
      method === this.#method &&
      authority === this.#authority &&
      scheme === this.#scheme &&
      receiver === this.#receiver &&
      userId === this.#userId &&
      nonce === this.#nonce
    ) {
      return undefined;
    }
    // First, since making text of a part may sign another request.
    const joined = `${method}\n${authority}\n${scheme}\n${receiver}\n${userId}\n${nonce}`;
    this.#isHeld = false;
    this.#method = method;
    this.#authority = authority;
    this.#scheme = scheme;
    this.#receiver = receiver;
    this.#userId = userId;
    this.#nonce = nonce;
    return joined;
  }

  held() {
    this.#isHeld = true;
  }
}

module.exports = { RepeatedParts };
