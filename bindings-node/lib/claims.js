'use strict';

// The nonces that were claimed for each request object. Several guards can verify the same request, for example one guard of the
// application and one of a part of it. Only the first of them claims the nonce in a replay store that they share.

// The property with the server's request object, in the objects that adapters create for the gate. For each request, the server
// creates one object, and all guards receive it.
const SOURCE = Symbol("the server's request object");

// The method with which a replay store compares itself with another store.
const IS_SAME = Symbol('contains the same nonces');

class Given {
  constructor(object) {
    return object;
  }
}

// The claims of a request. They are in a private field that is added to the request object, so that neither a client nor other
// middleware can set them, and a copy of the object does not contain them. A WeakMap would have the same properties, but an entry
// takes longer than the verification of a request.
class Claims extends Given {
  #latest;

  static of(source) {
    return #latest in source ? source.#latest : undefined;
  }

  static add(source, claim) {
    if (#latest in source) source.#latest = { ...claim, earlier: source.#latest };
    else new Claims(source).#latest = claim;
  }
}

const sourceOf = (req) => req[SOURCE] ?? req;

// Records that the nonce of an accepted request was claimed in `store`.
function recordClaim(req, identity, store) {
  Claims.add(sourceOf(req), { identity, store, earlier: undefined });
}

// Returns the identities under which the nonces of this request were claimed in `store`, or undefined if there are none.
function claimedIdentities(req, store) {
  let claim = Claims.of(sourceOf(req));
  if (claim === undefined) return undefined;
  const identities = [];
  for (; claim !== undefined; claim = claim.earlier) {
    if (isSame(claim.store, store)) identities.push(claim.identity);
  }
  return identities.length > 0 ? identities : undefined;
}

const isSame = (one, other) => one === other || one?.[IS_SAME]?.(other) === true;

// Returns whether the nonce of `identity` is the nonce of one of the `claimed` identities.
const isClaimed = ({ sender, nonce }, claimed) =>
  claimed.some((earlier) => earlier.sender === sender && earlier.nonce === nonce);

module.exports = { claimedIdentities, IS_SAME, isClaimed, recordClaim, SOURCE };
