#include <stdio.h>

#include "results.h"

void result_of_url(const cJSON *one_case) {
  sealwire_text url = utf8(string(one_case, "url", ""));
  char *buffer = arena(SEALWIRE_URL_SIZE(url.length));
  sealwire_error error = {{0}};
  sealwire_url parts;
  int32_t status = sealwire_url_split(url, buffer, SEALWIRE_URL_SIZE(url.length), &parts, &error);
  if (status == SEALWIRE_STATUS_CANNOT_SIGN && error.text[0] != 0) {
    printf("refused\n");
    return;
  }
  must(status, "url_split");
  printf("url %s %s %s\n", parts.scheme.data, parts.authority.data, parts.target.data);
}
