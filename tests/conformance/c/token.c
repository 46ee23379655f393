#include <stdio.h>
#include <string.h>

#include "results.h"
#include "ring.h"

enum { MAX_ROLES = 64 };

/* Prints the public message, which the C API provides only as part of the JSON response. */
static void print_refused(int32_t status) {
  sealwire_text response = sealwire_connection_string_response(status);
  cJSON *json = cJSON_ParseWithLength(response.data, response.length);
  if (json == NULL) fail("the response to a rejected token is not JSON");
  printf("rejected %s %d %s\n", sealwire_status_name(status), (int)sealwire_status_http(status), string(json, "message", ""));
  cJSON_Delete(json);
}

void result_of_token(const cJSON *one_case) {
  static char scratch[SEALWIRE_TOKEN_SCRATCH_SIZE];
  static sealwire_role roles[MAX_ROLES];
  sealwire_key_ring *ring = ring_of(one_case, NULL);
  sealwire_connection_string claims;
  sealwire_text token = wire(string(one_case, "token", ""));
  uint64_t now_s = number(one_case, "now_ms", 0) / 1000;
  bool ignore_expiry = !flag(one_case, "check_expiry", true);
  int32_t status = sealwire_connection_string_verify(ring, token, now_s, ignore_expiry, scratch, sizeof scratch, roles,
                                                     MAX_ROLES, &claims);
  if (status > 0) {
    print_refused(status);
  } else {
    must(status, "connection_string_verify");
    printf("accepted sender=%s version=%u scheme=connection_string user=-\n", claims.account, (unsigned)claims.key_version);
  }
  sealwire_key_ring_free(ring);
}

static const sealwire_role *roles_of(const cJSON *asked, size_t *count) {
  const cJSON *list = field(asked, "rls"), *item = NULL;
  sealwire_role *made = arena(sizeof *made * (size_t)cJSON_GetArraySize(list));
  *count = 0;
  cJSON_ArrayForEach(item, list) {
    made[*count].name = utf8(cJSON_GetStringValue(cJSON_GetArrayItem(item, 0)));
    made[(*count)++].permission = cJSON_GetArrayItem(item, 1)->valueint;
  }
  return made;
}

void result_of_issue(const cJSON *one_case) {
  static char buffer[SEALWIRE_TOKEN_SIZE];
  const cJSON *asked = field(one_case, "issue");
  sealwire_key_ring *ring = ring_of(one_case, NULL);
  sealwire_connection_string_draft draft = {
      .account = utf8(string(asked, "aid", "")),
      .tenant = utf8(string(asked, "tid", "")),
      .subscription = utf8(string(asked, "sid", "")),
      .expires_s = (int64_t)number(asked, "expires_s", 0),
      .offset_minutes = field(asked, "offset_minutes")->valueint,
  };
  size_t length = 0;
  draft.roles = roles_of(asked, &draft.role_count);
  int32_t status = sealwire_connection_string_issue(ring, &draft, buffer, sizeof buffer, &length, NULL);
  if (status == SEALWIRE_STATUS_CANNOT_SIGN) {
    printf("refused\n");
  } else {
    must(status, "connection_string_issue");
    sealwire_header header = {sealwire_connection_string_header(), {buffer, length}};
    print_headers(&header, 1);
  }
  sealwire_key_ring_free(ring);
}
