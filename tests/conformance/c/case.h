/* Reads cases: JSON with cJSON, and bytes as in the vectors. A case that does not match the schema ends
 * the run. */
#ifndef SEALWIRE_CONFORMANCE_CASE_H
#define SEALWIRE_CONFORMANCE_CASE_H

#include <cjson/cJSON.h>
#include <sealwire.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Allocates memory that is valid until `arena_reset`, which is called after each case. */
void *arena(size_t size);
void arena_reset(void);

/* Ends the run with a message. */
void fail(const char *what);

const cJSON *field(const cJSON *object, const char *name);
const char *string(const cJSON *object, const char *name, const char *absent);
uint64_t number(const cJSON *object, const char *name, uint64_t absent);
bool flag(const cJSON *object, const char *name, bool absent);

/* Returns text as in the JSON, in UTF-8. */
sealwire_text utf8(const char *text);
/* Converts text with one character per byte. */
sealwire_text wire(const char *text);
/* Returns a list of strings, which may be absent. */
sealwire_text *texts(const cJSON *object, const char *name, size_t *count);

sealwire_request request_of(const cJSON *json);
sealwire_text body_of(const cJSON *request);

/* Ends the run unless the status is `ok`, for calls that never fail. */
void must(int32_t status, const char *call);

#endif
