/** A replay store, as in the setting `replay`. */
export interface CheckedStore {
  /** Returns `true` for a new key and `false` for a claimed key. Rejects if the store cannot decide. */
  claim(key: string, expiresAtMs: number): Promise<boolean>;
}

/** Checks a replay store of your own against the contract of stores. `make` returns a store, and each of its stores uses the same data,
 * as the stores of several hosts do. `broken` returns a store whose data cannot be reached. Rejects with an `AssertionError` that contains
 * the rule and the observed result. Takes about two seconds. */
export function checkStore(
  make: () => CheckedStore,
  options?: { broken?: () => CheckedStore },
): Promise<void>;
