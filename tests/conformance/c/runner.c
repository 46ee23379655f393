/* Runs the shared test vectors with the C library and prints one line per test case. See ../run.py. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results.h"
#include "ring.h"

static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  long size = 0;
  if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0) fail("a vector file cannot be read");
  rewind(file);
  char *text = calloc(1, (size_t)size + 1);
  if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size) fail("a vector file cannot be read");
  fclose(file);
  return text;
}

void result_of_ring(const cJSON *one_case) {
  sealwire_error error = {{0}};
  sealwire_key_ring *ring = ring_of(one_case, &error);
  if (ring != NULL) {
    printf("valid\n");
  } else {
    printf("invalid %s\n", error.text);
  }
  sealwire_key_ring_free(ring);
}

typedef void printer(const cJSON *one_case);

/* Returns the function that runs a test case. Each kind of test case has a field that no other kind has. A
 * test case without any of these fields is a key ring. */
static printer *printer_of(const cJSON *one_case) {
  if (field(one_case, "probe") != NULL) return result_of_probe;
  if (field(one_case, "exempt") != NULL) return result_of_exempt;
  if (field(one_case, "url") != NULL) return result_of_url;
  if (field(one_case, "explain") != NULL) return result_of_explain;
  if (field(one_case, "sign") != NULL) return response_sign;
  if (field(one_case, "sign_response") != NULL) return result_of_sign_response;
  if (field(one_case, "verify_response") != NULL) return result_of_verify_response;
  if (field(one_case, "token") != NULL) return result_of_token;
  if (field(one_case, "issue") != NULL) return result_of_issue;
  return result_of_ring;
}

static void result_of_case(const char *stem, const cJSON *one_case) {
  char name[256];
  snprintf(name, sizeof name, "%s:%s", stem, string(one_case, "name", ""));
  /* The C API has no functions that compute only a MAC or only a signature base. */
  if (field(one_case, "algorithm") != NULL || field(one_case, "signature_input") != NULL) return;
  if (field(one_case, "verifier") != NULL) {
    response_verify(one_case, name);
  } else {
    printf("%s ", name);
    printer_of(one_case)(one_case);
  }
  arena_reset();
}

static void result_of_file(const char *path) {
  char stem[128];
  const char *slash = strrchr(path, '/'), *base = slash == NULL ? path : slash + 1;
  snprintf(stem, sizeof stem, "%.*s", (int)strcspn(base, "."), base);
  char *text = read_file(path);
  cJSON *document = cJSON_Parse(text);
  const cJSON *one_case = NULL;
  if (document == NULL) fail("a vector file is not JSON");
  cJSON_ArrayForEach(one_case, field(document, "cases")) result_of_case(stem, one_case);
  cJSON_Delete(document);
  free(text);
}

int main(int count, char **arguments) {
  for (int at = 1; at < count; at++) result_of_file(arguments[at]);
  return 0;
}
