/* Reading cases: JSON by cJSON, bytes as the vectors write them. A case that is not what the schema says ends the run. */
#ifndef SEALWIRE_CONFORMANCE_CASE_H
#define SEALWIRE_CONFORMANCE_CASE_H

#include <cjson/cJSON.h>
#include <sealwire.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Everything read for a case lives until `arena_reset`: a case is small, and none outlives the next. */
void *arena(size_t size);
void arena_reset(void);

/* Ends the run with a sentence. */
void fail(const char *what);

const cJSON *field(const cJSON *object, const char *name);
const char *string(const cJSON *object, const char *name, const char *absent);
uint64_t number(const cJSON *object, const char *name, uint64_t absent);
bool flag(const cJSON *object, const char *name, bool absent);

/* Text as it is in the JSON, which is UTF-8. */
sealwire_text utf8(const char *text);
/* Text of which each character is one byte on the wire. */
sealwire_text wire(const char *text);
/* The strings of a list that may be absent. */
sealwire_text *texts(const cJSON *object, const char *name, size_t *count);

sealwire_request request_of(const cJSON *json);
sealwire_text body_of(const cJSON *request);

/* `ok` or the end of the run: for calls that no vector makes fail. */
void must(int32_t status, const char *call);

#endif
