'use strict';

// The parts of a request that are usually the same as in the previous request. The native addon stores these parts
// (src/scratch.rs), so they are passed again only if they have changed. Comparing six strings is faster than joining them with
// the URL.
class RepeatedParts {
  // Whether the native addon has stored the current parts. This is false after a failed call.
  #isHeld = false;
  #method;
  #authority;
  #scheme;
  #receiver;
  #userId;
  #nonce;

  // Returns the joined parts if they have changed, otherwise undefined. The caller passes the joined parts to the native addon
  // and then calls `held`.
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
    // The parts are joined before the fields are set, because converting a part to a string can call an application function,
    // which could sign another request with the same signer.
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
