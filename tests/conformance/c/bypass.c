#include <stdio.h>

#include "results.h"

static void print_passes(bool passes) { printf("%s\n", passes ? "passes" : "held"); }

void result_of_probe(const cJSON *one_case) {
  const cJSON *asked = field(one_case, "probe");
  bool local = false;
  must(sealwire_is_local_health_check(wire(string(asked, "method", "")), wire(string(asked, "target", "")),
                                      string(asked, "peer", ""), &local),
       "is_local_health_check");
  print_passes(local);
}

void result_of_exempt(const cJSON *one_case) {
  const cJSON *asked = field(one_case, "exempt"), *path = NULL;
  sealwire_key_ring_builder *keys = NULL;
  sealwire_key_ring *ring = NULL;
  sealwire_verifier_builder *builder = NULL;
  sealwire_verifier *verifier = NULL;
  bool exempt = false;
  must(sealwire_key_ring_builder_new(false, &keys), "key_ring_builder_new");
  must(sealwire_key_ring_builder_build(keys, &ring), "key_ring_builder_build");
  must(sealwire_verifier_builder_new(utf8("practices"), &builder), "verifier_builder_new");
  cJSON_ArrayForEach(path, field(asked, "paths")) {
    must(sealwire_verifier_builder_exempt_path(builder, utf8(cJSON_GetStringValue(path))), "exempt_path");
  }
  must(sealwire_verifier_builder_accept_replays(builder, true), "accept_replays");
  must(sealwire_verifier_builder_build(builder, ring, NULL, &verifier, NULL), "verifier_builder_build");
  sealwire_request request = {utf8("GET"), wire(string(asked, "path", "")), utf8(""), utf8("http"), NULL, 0};
  must(sealwire_verifier_is_exempt(verifier, &request, &exempt), "is_exempt");
  print_passes(exempt);
  sealwire_verifier_free(verifier);
  sealwire_verifier_builder_free(builder);
  sealwire_key_ring_free(ring);
  sealwire_key_ring_builder_free(keys);
}
