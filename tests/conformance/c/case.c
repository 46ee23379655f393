#include "case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PIECES = 4096 };
static void *pieces[MAX_PIECES];
static size_t piece_count;

void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

void *arena(size_t size) {
  void *piece = calloc(1, size == 0 ? 1 : size);
  if (piece == NULL || piece_count == MAX_PIECES) fail("out of memory");
  pieces[piece_count++] = piece;
  return piece;
}

void arena_reset(void) {
  while (piece_count > 0) free(pieces[--piece_count]);
}

void must(int32_t status, const char *call) {
  if (status == 0) return;
  fprintf(stderr, "%s: %s\n", call, sealwire_status_name(status));
  exit(1);
}

const cJSON *field(const cJSON *object, const char *name) {
  return cJSON_GetObjectItemCaseSensitive(object, name);
}

const char *string(const cJSON *object, const char *name, const char *absent) {
  const char *text = cJSON_GetStringValue(field(object, name));
  return text == NULL ? absent : text;
}

uint64_t number(const cJSON *object, const char *name, uint64_t absent) {
  const cJSON *item = field(object, name);
  return cJSON_IsNumber(item) ? (uint64_t)item->valuedouble : absent; /* a double is exact up to 2^53 */
}

bool flag(const cJSON *object, const char *name, bool absent) {
  const cJSON *item = field(object, name);
  return cJSON_IsBool(item) ? cJSON_IsTrue(item) : absent;
}

sealwire_text utf8(const char *text) {
  sealwire_text made = {text, text == NULL ? 0 : strlen(text)};
  return made;
}

/* Converts each character to one byte. The schema does not allow characters above U+00FF. */
sealwire_text wire(const char *text) {
  size_t length = 0;
  char *bytes = arena(strlen(text));
  for (const unsigned char *at = (const unsigned char *)text; *at != 0; at++) {
    if (*at < 0x80) {
      bytes[length++] = (char)*at;
    } else {
      bytes[length++] = (char)(unsigned char)((unsigned)(at[0] & 0x03u) << 6 | (at[1] & 0x3fu));
      at++;
    }
  }
  sealwire_text made = {bytes, length};
  return made;
}

sealwire_text *texts(const cJSON *object, const char *name, size_t *count) {
  const cJSON *list = field(object, name), *item = NULL;
  sealwire_text *made = arena(sizeof *made * (size_t)cJSON_GetArraySize(list));
  *count = 0;
  cJSON_ArrayForEach(item, list) made[(*count)++] = utf8(cJSON_GetStringValue(item));
  return made;
}

static const sealwire_header *headers_of(const cJSON *list, size_t *count) {
  const cJSON *item = NULL;
  sealwire_header *made = arena(sizeof *made * (size_t)cJSON_GetArraySize(list));
  *count = 0;
  cJSON_ArrayForEach(item, list) {
    made[*count].name = wire(cJSON_GetStringValue(cJSON_GetArrayItem(item, 0)));
    made[(*count)++].value = wire(cJSON_GetStringValue(cJSON_GetArrayItem(item, 1)));
  }
  return made;
}

sealwire_request request_of(const cJSON *json) {
  sealwire_request made = {
      .method = wire(string(json, "method", "")),
      .target = wire(string(json, "target", "")),
      .authority = wire(string(json, "authority", "")),
      .scheme = wire(string(json, "scheme", "")),
  };
  made.headers = headers_of(field(json, "headers"), &made.header_count);
  return made;
}

static sealwire_text unhex(const char *hex) {
  size_t length = strlen(hex) / 2;
  char *bytes = arena(length);
  for (size_t at = 0; at < length; at++) {
    char digits[3] = {hex[2 * at], hex[2 * at + 1], 0};
    bytes[at] = (char)(unsigned char)strtoul(digits, NULL, 16);
  }
  sealwire_text made = {bytes, length};
  return made;
}

static sealwire_text repeated(const cJSON *repeat) {
  const char *text = string(repeat, "text", "");
  size_t length = strlen(text), times = (size_t)number(repeat, "times", 0);
  char *bytes = arena(length * times);
  for (size_t at = 0; at < times; at++) memcpy(bytes + at * length, text, length);
  sealwire_text made = {bytes, length * times};
  return made;
}

sealwire_text body_of(const cJSON *request) {
  const char *hex = string(request, "body_hex", NULL);
  const cJSON *repeat = field(request, "body_repeat");
  if (hex != NULL) return unhex(hex);
  return repeat != NULL ? repeated(repeat) : utf8(string(request, "body", ""));
}
