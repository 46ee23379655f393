#include <stdio.h>

#include "results.h"
#include "ring.h"

static void print_text(const cJSON *found, const char *label, const char *name) {
  printf(" %s%s", label, string(found, name, "-"));
}

static void print_explained(const cJSON *found) {
  const cJSON *checks = field(found, "checks"), *check = NULL;
  const char *separator = "";
  printf("explained");
  print_text(found, "", "outcome");
  printf(" exit=%d", (int)number(found, "exitCode", 9));
  print_text(found, "reason=", "reason");
  print_text(found, "culprit=", "culprit");
  printf(" checks=%s", cJSON_GetArraySize(checks) == 0 ? "-" : "");
  cJSON_ArrayForEach(check, checks) {
    printf("%s%s", separator, string(check, "result", ""));
    separator = ",";
  }
  printf("\n");
}

void result_of_explain(const cJSON *one_case) {
  sealwire_error error = {{0}};
  sealwire_key_ring *ring = ring_of(one_case, &error);
  char *input = cJSON_PrintUnformatted(field(one_case, "explain"));
  sealwire_explanation *explanation = NULL;
  int32_t status = sealwire_explain(ring, utf8(input), &explanation, &error), exit_code = -1;
  cJSON_free(input);
  if (status == SEALWIRE_STATUS_INVALID_CONFIGURATION && error.text[0] != 0) {
    printf("refused\n");
  } else {
    must(status, "explain");
    const char *json = NULL, *text = NULL;
    must(sealwire_explanation_json(explanation, &json), "explanation_json");
    must(sealwire_explanation_text(explanation, &text), "explanation_text");
    must(sealwire_explanation_exit_code(explanation, &exit_code), "explanation_exit_code");
    cJSON *found = cJSON_Parse(json);
    if (found == NULL || text[0] == 0 || (int32_t)number(found, "exitCode", 9) != exit_code) fail("a broken explanation");
    print_explained(found);
    cJSON_Delete(found);
  }
  sealwire_explanation_free(explanation);
  sealwire_key_ring_free(ring);
}
