#include <stdio.h>
#include <string.h>

#include "results.h"
#include "ring.h"

/* Two verifiers with the same settings. One verifies complete requests, and the other receives the body in
 * parts. Their results must be the same. */
typedef struct {
  sealwire_verifier *whole, *streamed;
  bool has_table, reachable;
} bench;

/* The result of verifying a request. */
typedef struct {
  int32_t status;
  sealwire_identity identity;
  sealwire_rejection rejected;
} verdict;

static int32_t mode_number(const char *name) {
  if (strcmp(name, "off") == 0) return SEALWIRE_MODE_OFF;
  if (strcmp(name, "observe") == 0) return SEALWIRE_MODE_OBSERVE;
  return strcmp(name, "enforce") == 0 ? SEALWIRE_MODE_ENFORCE : SEALWIRE_MODE_INHERIT;
}

static void set_window(sealwire_verifier_builder *builder, const cJSON *asked) {
  const uint64_t absent = UINT64_MAX;
  uint64_t skew = number(asked, "max_clock_skew_ms", absent);
  uint64_t past = number(asked, "past_s", 300), future = number(asked, "future_s", 5);
  if (skew != absent) {
    must(sealwire_verifier_builder_set_window(builder, skew, skew), "set_window");
  } else if (field(asked, "past_s") != NULL || field(asked, "future_s") != NULL) {
    must(sealwire_verifier_builder_set_window(builder, past * 1000, future * 1000), "set_window");
  }
}

static void add_senders(sealwire_verifier_builder *builder, const cJSON *asked) {
  const cJSON *rules = NULL;
  cJSON_ArrayForEach(rules, field(asked, "senders")) {
    size_t methods = 0, prefixes = 0;
    const sealwire_text *method_list = texts(rules, "methods", &methods);
    const sealwire_text *prefix_list = texts(rules, "path_prefixes", &prefixes);
    int32_t mode = mode_number(string(rules, "mode", ""));
    must(sealwire_verifier_builder_add_sender(builder, utf8(rules->string), mode, method_list, methods, prefix_list, prefixes),
         "add_sender");
  }
}

static void set_flags(sealwire_verifier_builder *builder, const cJSON *asked) {
  must(sealwire_verifier_builder_trust_unsigned_user_id(builder, flag(asked, "trust_unsigned_user_id", false)), "trust");
  must(sealwire_verifier_builder_claim_pairwise(builder, flag(asked, "claim_pairwise", false)), "claim_pairwise");
  must(sealwire_verifier_builder_require_authority(builder, flag(asked, "require_authority", true)), "require_authority");
  must(sealwire_verifier_builder_listed_senders_only(builder, flag(asked, "listed_senders_only", false)), "listed_only");
}

static sealwire_replay_table *table_of(const cJSON *asked) {
  const cJSON *replay = field(asked, "replay");
  sealwire_replay_table *table = NULL;
  uint64_t made_now = string(replay, "created", NULL) == NULL ? 0 : sealwire_now_ms() / 1000;
  if (field(replay, "slots") == NULL) return NULL;
  must(sealwire_replay_table_new((size_t)number(replay, "slots", 0), number(replay, "created_s", made_now), &table), "table");
  return table;
}

static sealwire_verifier *verifier_of(const cJSON *asked, const sealwire_key_ring *ring) {
  sealwire_verifier_builder *builder = NULL;
  sealwire_verifier *verifier = NULL;
  sealwire_replay_table *table = table_of(asked);
  const cJSON *item = NULL;
  must(sealwire_verifier_builder_new(utf8(string(asked, "service", "")), &builder), "verifier_builder_new");
  cJSON_ArrayForEach(item, field(asked, "schemes")) {
    must(sealwire_verifier_builder_accept(builder, scheme_number(cJSON_GetStringValue(item))), "accept");
  }
  cJSON_ArrayForEach(item, field(asked, "require")) {
    must(sealwire_verifier_builder_require_field(builder, utf8(cJSON_GetStringValue(item))), "require_field");
  }
  cJSON_ArrayForEach(item, field(asked, "authorities")) {
    must(sealwire_verifier_builder_add_authority(builder, utf8(cJSON_GetStringValue(item))), "add_authority");
  }
  if (field(asked, "url_scheme") != NULL) {
    must(sealwire_verifier_builder_set_url_scheme(builder, utf8(string(asked, "url_scheme", ""))), "set_url_scheme");
  }
  if (field(asked, "max_body_bytes") != NULL) {
    must(sealwire_verifier_builder_set_max_body_bytes(builder, number(asked, "max_body_bytes", 0)), "max_body_bytes");
  }
  if (field(asked, "mode") != NULL) must(sealwire_verifier_builder_set_mode(builder, mode_number(string(asked, "mode", ""))), "mode");
  set_window(builder, asked);
  set_flags(builder, asked);
  add_senders(builder, asked);
  must(sealwire_verifier_builder_accept_replays(builder, table == NULL), "accept_replays");
  must(sealwire_verifier_builder_build(builder, ring, table, &verifier, NULL), "verifier_builder_build");
  sealwire_verifier_builder_free(builder);
  sealwire_replay_table_free(table);
  return verifier;
}

static bench bench_of(const cJSON *one_case) {
  const cJSON *asked = field(one_case, "verifier"), *replay = field(asked, "replay");
  sealwire_key_ring *ring = ring_of(one_case, NULL);
  if (ring == NULL) fail("the ring of this case was refused");
  bench made = {
      .whole = verifier_of(asked, ring),
      .streamed = verifier_of(asked, ring),
      .has_table = field(replay, "slots") != NULL,
      .reachable = field(replay, "store") == NULL,
  };
  sealwire_key_ring_free(ring);
  return made;
}

/* Passes the body in parts of 61 bytes. Since 61 and the block size of the hash are coprime, the parts of a
 * long body end at every offset in a block. */
static int32_t feed(sealwire_pending *pending, sealwire_text body, sealwire_rejection *rejected) {
  const size_t piece = 61;
  int32_t status = 0;
  for (size_t at = 0; at < body.length && status == 0; at += piece) {
    size_t size = body.length - at < piece ? body.length - at : piece;
    status = sealwire_pending_update(pending, body.data + at, size, rejected);
  }
  return status;
}

/* Accepts or rejects a request, like a caller that claims nonces in its own replay store. */
static int32_t settle(sealwire_pending *pending, int32_t outcome, uint64_t now_ms, verdict *out) {
  uint8_t key[SEALWIRE_SHARED_KEY_SIZE];
  bool has_key = false;
  uint64_t expires_s = 0;
  int32_t status = sealwire_pending_prove(pending, key, sizeof key, &has_key, &expires_s, &out->rejected);
  return status != 0 ? status : sealwire_pending_settle(pending, outcome, now_ms, &out->identity, &out->rejected);
}

static verdict in_pieces(const bench *held, const cJSON *step) {
  sealwire_request request = request_of(field(step, "request"));
  sealwire_text body = body_of(field(step, "request"));
  uint64_t now_ms = number(step, "now_ms", 0);
  sealwire_pending *pending = NULL;
  verdict out;
  memset(&out, 0, sizeof out);
  out.status = sealwire_verifier_begin(held->streamed, &request, now_ms, &pending, &out.rejected);
  if (out.status == 0) out.status = feed(pending, body, &out.rejected);
  if (out.status == 0 && held->has_table) {
    out.status = sealwire_pending_finish(pending, now_ms, &out.identity, &out.rejected);
  } else if (out.status == 0) {
    int32_t outcome = held->reachable ? SEALWIRE_OUTCOME_FIRST : SEALWIRE_OUTCOME_UNAVAILABLE;
    out.status = settle(pending, outcome, now_ms, &out);
  }
  sealwire_pending_free(pending);
  return out;
}

static verdict at_once(const bench *held, const cJSON *step) {
  if (!held->reachable) return in_pieces(held, step);
  sealwire_request request = request_of(field(step, "request"));
  sealwire_text body = body_of(field(step, "request"));
  verdict out;
  memset(&out, 0, sizeof out);
  out.status = sealwire_verifier_verify(held->whole, &request, body.data, body.length, number(step, "now_ms", 0),
                                        &out.identity, &out.rejected);
  return out;
}

/* Compares the members one by one, because the contents of padding bytes are unspecified. */
static bool same_identity(const sealwire_identity *one, const sealwire_identity *other) {
  return strcmp(one->sender, other->sender) == 0 && strcmp(one->user_id, other->user_id) == 0 &&
         strcmp(one->nonce, other->nonce) == 0 && one->scheme == other->scheme && one->key_version == other->key_version &&
         one->age_ms == other->age_ms;
}

static bool agree(const verdict *one, const verdict *other) {
  if (one->status != other->status) return false;
  if (one->status == 0) return same_identity(&one->identity, &other->identity);
  return strcmp(one->rejected.public_text, other->rejected.public_text) == 0 && one->rejected.mode == other->rejected.mode;
}

static const char *or_none(const char *text) { return text[0] == 0 ? "-" : text; }

static void print_step(const bench *held, const cJSON *step) {
  verdict whole = at_once(held, step), streamed = in_pieces(held, step);
  if (whole.status < 0) must(whole.status, "verify");
  if (!agree(&whole, &streamed)) {
    printf("disagrees with itself: %s / %s\n", sealwire_status_name(whole.status), sealwire_status_name(streamed.status));
  } else if (whole.status > 0) {
    print_rejected(&whole.rejected);
  } else {
    const sealwire_identity *it = &whole.identity;
    printf("accepted sender=%s version=%u scheme=%s user=%s as=%s\tnonce=%s\n", it->sender, (unsigned)it->key_version,
           scheme_name(it->scheme), or_none(it->user_id), it->name_as_sent, or_none(it->nonce));
  }
}

void response_verify(const cJSON *one_case, const char *name) {
  const cJSON *steps = field(one_case, "steps"), *step = NULL;
  bench held = bench_of(one_case);
  int at = 0;
  if (steps == NULL) {
    printf("%s ", name);
    print_step(&held, one_case);
  }
  cJSON_ArrayForEach(step, steps) {
    printf("%s:%d ", name, ++at);
    print_step(&held, step);
  }
  sealwire_verifier_free(held.whole);
  sealwire_verifier_free(held.streamed);
}
