/* Common functions of the C caller and server: keys from the environment, and exits with an error message. */
#ifndef DEMO_COMMON_H
#define DEMO_COMMON_H

#include <stdint.h>

#include "sealwire.h"

/* Ends the program unless `status` is 0. `error` may be NULL. */
void require(int32_t status, const char *what, const sealwire_error *error);

/* Returns all keys for `service` in the environment: of its pairs, and of clients. */
sealwire_key_ring *keys_of(const char *service);

#endif
