/* What the C caller and the C server share: keys from the environment, and giving up with a sentence. */
#ifndef DEMO_COMMON_H
#define DEMO_COMMON_H

#include <stdint.h>

#include "sealwire.h"

/* Ends the program unless `status` is 0. `error` may be NULL. */
void require(int32_t status, const char *what, const sealwire_error *error);

/* Every key the environment holds for `service`: of its pairs, and of clients. */
sealwire_key_ring *keys_of(const char *service);

#endif
