/* Reads the fields of a test case. If a field does not match the schema, the runner exits with a message. */
#ifndef SEALWIRE_CONFORMANCE_CASE_H
#define SEALWIRE_CONFORMANCE_CASE_H

#include <cjson/cJSON.h>
#include <sealwire.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Allocates memory that is valid until the next call of `arena_reset`. The runner calls it after each test
 * case. */
void *arena(size_t size);
void arena_reset(void);

/* Prints a message and exits. */
void fail(const char *what);

const cJSON *field(const cJSON *object, const char *name);
const char *string(const cJSON *object, const char *name, const char *absent);
uint64_t number(const cJSON *object, const char *name, uint64_t absent);
bool flag(const cJSON *object, const char *name, bool absent);

/* Returns a JSON string as UTF-8. */
sealwire_text utf8(const char *text);
/* Converts each character of a string to one byte. */
sealwire_text wire(const char *text);
/* Returns a list of strings. The list is empty if the field is missing. */
sealwire_text *texts(const cJSON *object, const char *name, size_t *count);

sealwire_request request_of(const cJSON *json);
sealwire_text body_of(const cJSON *request);

/* Exits with a message if the status of a call is not `ok`. */
void must(int32_t status, const char *call);

#endif
