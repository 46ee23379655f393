#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "results.h"

static const struct {
  const char *name;
  int32_t number;
} schemes[] = {
    {"message", SEALWIRE_SCHEME_MESSAGE},
    {"pairwise", SEALWIRE_SCHEME_PAIRWISE},
    {"client", SEALWIRE_SCHEME_CLIENT},
};

int32_t scheme_number(const char *name) {
  for (size_t at = 0; at < sizeof schemes / sizeof *schemes; at++) {
    if (strcmp(schemes[at].name, name) == 0) return schemes[at].number;
  }
  fail("no such scheme");
  return -1;
}

const char *scheme_name(int32_t number) {
  for (size_t at = 0; at < sizeof schemes / sizeof *schemes; at++) {
    if (schemes[at].number == number) return schemes[at].name;
  }
  return "unknown";
}

static void print_hex(const char *bytes, size_t length, bool lower) {
  for (size_t at = 0; at < length; at++) {
    unsigned char byte = (unsigned char)bytes[at];
    printf("%02x", lower ? (unsigned)tolower(byte) : (unsigned)byte);
  }
}

/* Prints headers in hex. ../runners.py computes their SHA-256, because the C standard library has no such
 * function. */
void print_headers(const sealwire_header *headers, size_t count) {
  printf("headers ");
  for (size_t at = 0; at < count; at++) {
    print_hex(headers[at].name.data, headers[at].name.length, true);
    print_hex(": ", 2, false);
    print_hex(headers[at].value.data, headers[at].value.length, false);
    print_hex("\n", 1, false);
  }
  printf("\n");
}

void print_rejected(const sealwire_rejection *rejected) {
  const char *reason = sealwire_status_name(rejected->reason);
  if (rejected->mode != SEALWIRE_MODE_ENFORCE) {
    printf("let-through %s %s\n", rejected->mode == SEALWIRE_MODE_OBSERVE ? "observe" : "off", reason);
    return;
  }
  printf("rejected %s %d %s\tfield=", reason, (int)rejected->http_status, rejected->public_text);
  for (const char *at = rejected->field; *at != 0; at++) putchar(tolower((unsigned char)*at));
  printf("%s\n", rejected->field[0] == 0 ? "-" : "");
}
