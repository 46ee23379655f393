#ifndef SEALWIRE_CONFORMANCE_RING_H
#define SEALWIRE_CONFORMANCE_RING_H

#include "case.h"

/* Returns the key ring of a test case. If the key ring is invalid, sets `error` and returns NULL. */
sealwire_key_ring *ring_of(const cJSON *one_case, sealwire_error *error);

#endif
