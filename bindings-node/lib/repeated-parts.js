'use strict';

// Parts that are usually the same in consecutive requests. The native addon stores them (src/scratch.rs) and
// receives only changes. Comparing six strings costs less than joining them to a URL.
class RepeatedParts {
  // Whether the native addon has the current parts. After a failed call this is unknown.
  #isHeld = false;
  #method;
  #authority;
  #scheme;
  #receiver;
  #userId;
  #nonce;

  // Returns the joined parts if they have changed, otherwise undefined. Call `held` after passing them to the
  // native addon.
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
    // Joined first, because converting a part to text could sign another request.
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
