/* Functions that the C caller and the C server share. */
#ifndef DEMO_COMMON_H
#define DEMO_COMMON_H

#include <stdint.h>

#include "sealwire.h"

/* Exits with an error message unless `status` is 0. `error` may be NULL. */
void require(int32_t status, const char *what, const sealwire_error *error);

/* Reads the key ring from the environment, with the pair secrets of `service` and all client secrets. */
sealwire_key_ring *keys_of(const char *service);

#endif
