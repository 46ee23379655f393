/* Tests for the verifier metrics: each documented metric, the labels, and the output buffer. */
#include "file.h"
#include "fixture.h"

static char page[1 << 16];

static void scrape(const sealwire_verifier *verifier, const sealwire_key_file *keys, const sealwire_mode_file *modes) {
    size_t length = 0, needed = 0;
    OK(sealwire_metrics_text(verifier, keys, modes, NOW, NULL, 0, &needed));
    memset(page, '#', sizeof page);
    OK(sealwire_metrics_text(verifier, keys, modes, NOW, page, sizeof page, &length));
    CHECK(length == needed && strlen(page) == length && length > 0 && page[length - 1] == '\n');
}

static void expect_line(const char *line) {
    char wanted[256];
    snprintf(wanted, sizeof wanted, "\n%s\n", line);
    if (strstr(page, wanted) == NULL) fprintf(stderr, "missing: %s\n", line);
    CHECK(strstr(page, wanted) != NULL);
}

/* Creates a verifier whose keys and modes are in files, so that the reload metrics exist. */
static sealwire_verifier *verifier_on_files(sealwire_key_file **keys, sealwire_mode_file **modes, const sealwire_replay_table *table) {
    static const char contents[] =
        "[pairs.\"agent/practices\"]\nhmacPrimaryVersion = 1\nhmacSecrets = [\n"
        "{ version = 1, secret = \"dGhpcnR5LXR3byBieXRlcyBvZiBhIHRlc3Qgc2VjcmU=\", retireAfter = 2030-01-31 },\n"
        "{ version = 2, secret = \"b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldC1vdGhlci0xMjM0NTY3OA==\" }]\n";
    sealwire_verifier_builder *builder = NULL;
    sealwire_verifier *verifier = NULL;
    sealwire_key_ring *ring = NULL;
    sealwire_modes *shared = NULL;
    OK(sealwire_key_file_open(text(put("keys.toml", contents)), NULL, keys, NULL));
    OK(sealwire_key_file_ring(*keys, &ring));
    OK(sealwire_mode_file_open(text(put("modes.toml", "[senders]\nmeals = \"observe\"\n")), modes, NULL));
    OK(sealwire_mode_file_modes(*modes, &shared));
    OK(sealwire_verifier_builder_new(text("practices"), &builder));
    OK(sealwire_verifier_builder_set_modes(builder, shared));
    OK(sealwire_verifier_builder_build(builder, ring, table, &verifier, NULL));
    sealwire_verifier_builder_free(builder);
    sealwire_modes_free(shared);
    sealwire_key_ring_free(ring);
    return verifier;
}

static void each_metric_exists_before_its_first_event(const sealwire_verifier *verifier) {
    static const char *const names[] = {
        "hmac_auth_success_total{", "hmac_auth_failure_total{", "hmac_auth_observed_total{", "hmac_auth_counting_since_seconds ",
        "hmac_auth_latency_seconds_bucket{", "hmac_auth_timestamp_age_seconds_bucket{", "hmac_auth_replay_fill_ratio ",
        "hmac_auth_key_accepted{", "hmac_auth_key_primary{", "hmac_auth_key_retire_after_seconds{", "hmac_auth_key_reload_total{",
        "hmac_auth_key_reload_in_order ", "hmac_auth_mode{", "hmac_auth_mode_changes_total ", "hmac_auth_mode_reload_total{",
        "hmac_auth_mode_reload_in_order "};
    (void)verifier;
    for (size_t at = 0; at < sizeof names / sizeof names[0]; at++) {
        char wanted[128];
        snprintf(wanted, sizeof wanted, "\n%s", names[at]);
        if (strstr(page, wanted) == NULL) fprintf(stderr, "missing: %s\n", names[at]);
        CHECK(strstr(page, wanted) != NULL);
    }
    expect_line("hmac_auth_failure_total{reason=\"replayed\"} 0");
    expect_line("hmac_auth_success_total{scheme=\"message\"} 0");
    expect_line("hmac_auth_mode{sender=\"\",mode=\"enforce\"} 1");
    expect_line("hmac_auth_mode{sender=\"meals\",mode=\"observe\"} 1");
    expect_line("hmac_auth_key_retire_after_seconds{name=\"agent/practices\",version=\"1\"} 1896134400");
    expect_line("# TYPE hmac_auth_latency_seconds histogram");
    expect_line("hmac_auth_latency_seconds_bucket{le=\"0.000001\"} 0");
}

static void decisions(fixture *it, sealwire_verifier *verifier) {
    sealwire_pending *pending = NULL;
    sign(it, "nonce-1");
    OK(sealwire_verifier_verify(verifier, &it->request, BODY, sizeof BODY - 1, NOW + 1500, NULL, NULL));
    EXPECT(SEALWIRE_REASON_REPLAYED, sealwire_verifier_verify(verifier, &it->request, BODY, sizeof BODY - 1, NOW, NULL, NULL));
    sign(it, "nonce-2");
    OK(sealwire_verifier_begin(verifier, &it->request, NOW, &pending, NULL));
    OK(sealwire_pending_update(pending, BODY, sizeof BODY - 1, NULL));
    OK(sealwire_pending_finish(pending, NOW, NULL, NULL));
    sealwire_pending_free(pending);
    sign(it, "nonce-3");
    OK(sealwire_verifier_begin(verifier, &it->request, NOW, &pending, NULL));
    EXPECT(SEALWIRE_REASON_BODY_DIGEST_MISMATCH, sealwire_pending_finish(pending, NOW, NULL, NULL));
    sealwire_pending_free(pending);
    it->request.header_count = 0;
    EXPECT(SEALWIRE_REASON_MISSING_HEADERS, sealwire_verifier_verify(verifier, &it->request, BODY, 1, NOW, NULL, NULL));
    EXPECT(SEALWIRE_REASON_MISSING_HEADERS, sealwire_verifier_begin(verifier, &it->request, NOW, &pending, NULL));
}

static void decisions_are_counted(void) {
    expect_line("hmac_auth_success_total{scheme=\"message\"} 2");
    expect_line("hmac_auth_failure_total{reason=\"replayed\"} 1");
    expect_line("hmac_auth_failure_total{reason=\"missing_headers\"} 2");
    expect_line("hmac_auth_sender_requests_total{sender=\"agent\",verdict=\"accepted\",reason=\"\"} 2");
    expect_line("hmac_auth_sender_requests_total{sender=\"agent\",verdict=\"rejected\",reason=\"replayed\"} 1");
    expect_line("hmac_auth_sender_requests_total{sender=\"agent\",verdict=\"rejected\",reason=\"body_digest_mismatch\"} 1");
    expect_line("hmac_auth_sender_requests_total{sender=\"unknown\",verdict=\"rejected\",reason=\"missing_headers\"} 2");
    expect_line("hmac_auth_sender_last_seconds{sender=\"agent\",verdict=\"accepted\"} 1712419201");
    expect_line("hmac_auth_key_accepted{name=\"agent/practices\",version=\"1\",primary=\"true\"} 2");
    expect_line("hmac_auth_key_accepted{name=\"agent/practices\",version=\"2\",primary=\"false\"} 0");
    expect_line("hmac_auth_timestamp_age_seconds_bucket{le=\"0.1\"} 1");
    expect_line("hmac_auth_timestamp_age_seconds_bucket{le=\"2\"} 2");
    expect_line("hmac_auth_timestamp_age_seconds_bucket{le=\"+Inf\"} 2");
    expect_line("hmac_auth_timestamp_age_seconds_sum 1");
    expect_line("hmac_auth_latency_seconds_count 6");
}

/* The sender name in a forged request must not become a label value. */
static void a_peer_creates_no_label(fixture *it, const sealwire_verifier *verifier) {
    sealwire_header lines[] = {{text("X-Service-Name"), text("ma\"\\llory")}, {text("X-Service-Timestamp"), text("1712419200")},
                               {text("X-Service-Signature"), text("00")}};
    sealwire_request request = it->request;
    request.headers = lines;
    request.header_count = 3;
    CHECK(sealwire_verifier_verify(verifier, &request, BODY, sizeof BODY - 1, NOW, NULL, NULL) > 0);
    scrape(verifier, NULL, NULL);
    CHECK(strstr(page, "llory") == NULL);
}

static void reloads_are_counted(const sealwire_verifier *verifier, const sealwire_key_file *keys, const sealwire_mode_file *modes) {
    sealwire_error error;
    OK(sealwire_key_file_reload(keys, &error));
    put("modes.toml", "mode = \"observe\"\n");
    OK(sealwire_mode_file_reload(modes, &error));
    put("keys.toml", "[pairs.broken]\n");
    EXPECT(SEALWIRE_STATUS_INVALID_CONFIGURATION, sealwire_key_file_reload(keys, &error));
    scrape(verifier, keys, modes);
    expect_line("hmac_auth_key_reload_total{result=\"accepted\"} 1");
    expect_line("hmac_auth_key_reload_total{result=\"refused\"} 1");
    expect_line("hmac_auth_key_reload_in_order 0");
    expect_line("hmac_auth_mode_reload_in_order 1");
    expect_line("hmac_auth_mode_changes_total 1");
    expect_line("hmac_auth_mode{sender=\"\",mode=\"observe\"} 1");
    expect_line("hmac_auth_key_accepted{name=\"agent/practices\",version=\"1\",primary=\"true\"} 2");
}

static void the_buffer_is_respected(const sealwire_verifier *verifier) {
    char small[64], untouched[64];
    size_t length = 7;
    memset(small, '#', sizeof small);
    memset(untouched, '#', sizeof untouched);
    EXPECT(SEALWIRE_STATUS_BUFFER_TOO_SMALL, sealwire_metrics_text(verifier, NULL, NULL, NOW, small, sizeof small, &length));
    CHECK(memcmp(small, untouched, sizeof small) == 0 && length == 7);
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_metrics_text(verifier, NULL, NULL, NOW, page, sizeof page, NULL));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_metrics_text(NULL, NULL, NULL, NOW, page, sizeof page, &length));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_metrics_text(verifier, NULL, NULL, NOW, NULL, 1, &length));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_metrics_text(verifier, NULL, NULL, NOW / 1000, page, sizeof page, &length));
    EXPECT(SEALWIRE_STATUS_WRONG_HANDLE,
           sealwire_metrics_text(verifier, (const sealwire_key_file *)(const void *)verifier, NULL, NOW, page, sizeof page, &length));
}

int main(void) {
    fixture it;
    sealwire_key_file *keys = NULL;
    sealwire_mode_file *modes = NULL;
    make_folder();
    set_up(&it);
    sealwire_verifier *verifier = verifier_on_files(&keys, &modes, it.table);
    scrape(verifier, keys, modes);
    each_metric_exists_before_its_first_event(verifier);
    decisions(&it, verifier);
    scrape(verifier, keys, modes);
    decisions_are_counted();
    a_peer_creates_no_label(&it, verifier);
    reloads_are_counted(verifier, keys, modes);
    the_buffer_is_respected(verifier);
    sealwire_verifier_free(verifier);
    sealwire_key_file_free(keys);
    sealwire_mode_file_free(modes);
    tear_down(&it);
    remove_folder();
    return verdict("metrics");
}
