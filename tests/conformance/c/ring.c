#include "ring.h"

#include <string.h>

static const sealwire_key_version *versions_of(const cJSON *entry, size_t *count, sealwire_error *error) {
  const cJSON *list = field(entry, "versions"), *item = NULL;
  sealwire_key_version *made = arena(sizeof *made * (size_t)cJSON_GetArraySize(list));
  *count = 0;
  cJSON_ArrayForEach(item, list) {
    sealwire_key_version *version = &made[(*count)++];
    const char *base64 = string(item, "secret_base64", NULL), *text = string(item, "secret", "");
    version->version = (uint32_t)number(item, "version", 0);
    version->secret = text;
    version->secret_size = strlen(text);
    if (base64 == NULL) continue;
    void *buffer = arena(strlen(base64));
    version->secret = buffer;
    if (sealwire_decode_secret(utf8(base64), buffer, strlen(base64), &version->secret_size, error) != 0) return NULL;
  }
  return made;
}

static bool add_pair(sealwire_key_ring_builder *builder, const cJSON *entry, sealwire_error *error) {
  size_t count = 0, name_count = 0;
  const sealwire_key_version *versions = versions_of(entry, &count, error);
  const sealwire_text *names = texts(entry, "names", &name_count);
  uint32_t primary = (uint32_t)number(entry, "primary", 0);
  return versions != NULL &&
         sealwire_key_ring_builder_add_pair(builder, names[0], names[1], versions, count, primary, error) == 0;
}

static bool add_client(sealwire_key_ring_builder *builder, const cJSON *entry, sealwire_error *error) {
  size_t count = 0;
  const sealwire_key_version *versions = versions_of(entry, &count, error);
  uint32_t primary = (uint32_t)number(entry, "primary", 0);
  sealwire_text id = utf8(string(entry, "id", ""));
  return versions != NULL && sealwire_key_ring_builder_add_client(builder, id, versions, count, primary, error) == 0;
}

static bool set_issuer(sealwire_key_ring_builder *builder, const cJSON *entry, sealwire_error *error) {
  size_t count = 0;
  const sealwire_key_version *versions = versions_of(entry, &count, error);
  uint32_t primary = (uint32_t)number(entry, "primary", 0);
  return versions != NULL && sealwire_key_ring_builder_set_issuer(builder, versions, count, primary, error) == 0;
}

static bool fill(sealwire_key_ring_builder *builder, const cJSON *keys, sealwire_error *error) {
  const cJSON *entry = NULL;
  cJSON_ArrayForEach(entry, field(keys, "pairs")) {
    if (!add_pair(builder, entry, error)) return false;
  }
  cJSON_ArrayForEach(entry, field(keys, "clients")) {
    if (!add_client(builder, entry, error)) return false;
  }
  entry = field(keys, "issuer");
  return entry == NULL || set_issuer(builder, entry, error);
}

sealwire_key_ring *ring_of(const cJSON *one_case, sealwire_error *error) {
  const cJSON *keys = field(one_case, "keys");
  sealwire_key_ring_builder *builder = NULL;
  sealwire_key_ring *ring = NULL;
  must(sealwire_key_ring_builder_new(flag(keys, "allow_weak", false), &builder), "key_ring_builder_new");
  if (fill(builder, keys, error)) must(sealwire_key_ring_builder_build(builder, &ring), "key_ring_builder_build");
  sealwire_key_ring_builder_free(builder);
  return ring;
}
