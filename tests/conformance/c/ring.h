#ifndef SEALWIRE_CONFORMANCE_RING_H
#define SEALWIRE_CONFORMANCE_RING_H

#include "case.h"

/* The ring of a case, or NULL with the sentence it was refused with. */
sealwire_key_ring *ring_of(const cJSON *one_case, sealwire_error *error);

#endif
