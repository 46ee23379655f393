#include <stdio.h>
#include <string.h>

#include "results.h"
#include "ring.h"

static char buffer[SEALWIRE_SIGNATURE_SIZE];
static sealwire_header headers[SEALWIRE_SIGNATURE_HEADERS];

/* Creates a signer. The scheme `client` has a separate signer, because its name can differ from the name for
 * the other schemes. */
static sealwire_signer *signer_of(const cJSON *asked, const char *name, bool of_client, const sealwire_key_ring *ring) {
  sealwire_signer_builder *builder = NULL;
  sealwire_signer *signer = NULL;
  const cJSON *item = NULL;
  must(sealwire_signer_builder_new(utf8(name), &builder), "signer_builder_new");
  cJSON_ArrayForEach(item, field(asked, "schemes")) {
    int32_t scheme = scheme_number(cJSON_GetStringValue(item));
    if ((scheme == SEALWIRE_SCHEME_CLIENT) != of_client) continue;
    must(sealwire_signer_builder_add_scheme(builder, scheme), "signer_builder_add_scheme");
  }
  cJSON_ArrayForEach(item, field(asked, "components")) {
    must(sealwire_signer_builder_cover(builder, utf8(cJSON_GetStringValue(item))), "signer_builder_cover");
  }
  must(sealwire_signer_builder_build(builder, ring, &signer, NULL), "signer_builder_build");
  sealwire_signer_builder_free(builder);
  return signer;
}

static sealwire_signing signing_of(const cJSON *asked) {
  sealwire_text body = body_of(field(asked, "request"));
  sealwire_signing made = {
      .receiver = utf8(string(asked, "receiver", "")),
      .user_id = utf8(string(asked, "user_id", "")),
      .nonce = utf8(string(asked, "nonce", "unused")),
      .body = body.data,
      .body_size = body.length,
      .now_ms = number(asked, "now_ms", 0),
  };
  return made;
}

static bool has_scheme(const cJSON *asked, bool of_client) {
  const cJSON *item = NULL;
  cJSON_ArrayForEach(item, field(asked, "schemes")) {
    if ((strcmp(cJSON_GetStringValue(item), "client") == 0) == of_client) return true;
  }
  return false;
}

/* Signs the request and appends the new headers. The text already in `buffer` is not changed. */
static bool append(const cJSON *asked, bool of_client, const sealwire_key_ring *ring, size_t *count, size_t *used) {
  if (!has_scheme(asked, of_client)) return true;
  sealwire_signer *signer = signer_of(asked, string(asked, of_client ? "client_id" : "sender", ""), of_client, ring);
  sealwire_request request = request_of(field(asked, "request"));
  sealwire_signing signing = signing_of(asked);
  size_t more = 0, room = SEALWIRE_SIGNATURE_HEADERS - *count;
  int32_t status = sealwire_signer_sign(signer, &request, &signing, buffer + *used, sizeof buffer - *used, headers + *count,
                                        room, &more, NULL);
  sealwire_signer_free(signer);
  for (size_t at = *count; status == 0 && at < *count + more; at++) {
    *used += headers[at].name.length + headers[at].value.length + 2; /* each name and value ends with a NUL byte */
  }
  *count += more;
  return status == 0;
}

void response_sign(const cJSON *one_case) {
  const cJSON *asked = field(one_case, "sign");
  sealwire_key_ring *ring = ring_of(one_case, NULL);
  size_t count = 0, used = 0;
  if (append(asked, false, ring, &count, &used) && append(asked, true, ring, &count, &used)) {
    print_headers(headers, count);
  } else {
    printf("refused\n");
  }
  sealwire_key_ring_free(ring);
}

static sealwire_exchange exchange_of(const cJSON *asked, const sealwire_request *request) {
  sealwire_exchange made = {
      .caller = utf8(string(asked, "caller", "")),
      .service = utf8(string(asked, "service", "")),
      .scheme = scheme_number(string(asked, "scheme", "")),
      .request = request,
  };
  return made;
}

static sealwire_response response_of(const cJSON *json) {
  sealwire_text body = utf8(string(json, "body", ""));
  sealwire_request received = request_of(json); /* only its headers are used */
  sealwire_response made = {
      .http_status = (int32_t)number(json, "status", 0),
      .headers = received.headers,
      .header_count = received.header_count,
      .body = body.data,
      .body_size = body.length,
  };
  return made;
}

void result_of_sign_response(const cJSON *one_case) {
  const cJSON *asked = field(one_case, "sign_response");
  sealwire_key_ring *ring = ring_of(one_case, NULL);
  sealwire_request request = request_of(field(asked, "request"));
  sealwire_exchange exchange = exchange_of(asked, &request);
  sealwire_response response = response_of(asked);
  size_t count = 0;
  must(sealwire_response_sign(ring, &exchange, &response, number(asked, "now_ms", 0), buffer, sizeof buffer, headers,
                            SEALWIRE_SIGNATURE_HEADERS, &count, NULL),
       "response_sign");
  print_headers(headers, count);
  sealwire_key_ring_free(ring);
}

void result_of_verify_response(const cJSON *one_case) {
  const cJSON *asked = field(one_case, "verify_response");
  sealwire_key_ring *ring = ring_of(one_case, NULL);
  sealwire_request request = request_of(field(asked, "request"));
  sealwire_exchange exchange = exchange_of(asked, &request);
  sealwire_response response = response_of(field(asked, "response"));
  sealwire_verified_response verified;
  sealwire_rejection rejected;
  int32_t status = sealwire_response_verify(ring, &exchange, &response, &verified, &rejected);
  if (status == 0) {
    printf("verified version=%u time=%llu\n", (unsigned)verified.key_version, (unsigned long long)verified.server_time_s);
  } else if (status > 0) {
    print_rejected(&rejected);
  } else {
    must(status, "response_verify");
  }
  sealwire_key_ring_free(ring);
}
