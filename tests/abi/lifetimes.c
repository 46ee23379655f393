/* Tests for handle lifetimes: calls in the wrong order, key rings that are replaced while in use, and
 * handles that are freed before the objects that use them. Also tests replay tables in the caller's memory
 * and in a file, and an external replay store. */
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

static void pending_out_of_turn(fixture *it) {
    sealwire_pending *pending = NULL;
    sealwire_identity identity;
    sealwire_rejection rejected;
    uint8_t key[SEALWIRE_SHARED_KEY_SIZE];
    bool has_key = false;
    uint64_t expires_s = 0;
    sign(it, "out-of-turn");
    OK(sealwire_verifier_begin(it->verifier, &it->request, NOW, &pending, &rejected));
    EXPECT(SEALWIRE_STATUS_WRONG_STATE,
           sealwire_pending_settle(pending, SEALWIRE_OUTCOME_FIRST, NOW, &identity, &rejected));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_pending_update(pending, NULL, 1, &rejected));
    OK(sealwire_pending_update(pending, NULL, 0, &rejected));
    OK(sealwire_pending_update(pending, BODY, 3, &rejected));
    OK(sealwire_pending_update(pending, BODY + 3, sizeof BODY - 4, &rejected));
    EXPECT(SEALWIRE_STATUS_BUFFER_TOO_SMALL,
           sealwire_pending_prove(pending, key, sizeof key - 1, &has_key, &expires_s, &rejected));
    OK(sealwire_pending_finish(pending, NOW, &identity, &rejected));
    EXPECT(SEALWIRE_STATUS_WRONG_STATE, sealwire_pending_finish(pending, NOW, &identity, &rejected));
    EXPECT(SEALWIRE_STATUS_WRONG_STATE, sealwire_pending_update(pending, BODY, 1, &rejected));
    EXPECT(SEALWIRE_STATUS_WRONG_STATE,
           sealwire_pending_prove(pending, key, sizeof key, &has_key, &expires_s, &rejected));
    sealwire_pending_free(pending);
    sealwire_pending_free(NULL);
}

static void body_over_the_cap(fixture *it) {
    static char chunk[1 << 16];
    sealwire_pending *pending = NULL;
    sealwire_rejection rejected;
    int32_t status = SEALWIRE_STATUS_OK;
    int pieces = 0;
    sign(it, "over-the-cap");
    OK(sealwire_verifier_begin(it->verifier, &it->request, NOW, &pending, &rejected));
    for (; status == SEALWIRE_STATUS_OK && pieces < 100; pieces++)
        status = sealwire_pending_update(pending, chunk, sizeof chunk, &rejected);
    EXPECT(SEALWIRE_REASON_BODY_TOO_LARGE, status);
    CHECK(pieces == 17 && rejected.http_status == 413);
    EXPECT(SEALWIRE_STATUS_WRONG_STATE, sealwire_pending_finish(pending, NOW, NULL, NULL));
    sealwire_pending_free(pending);
}

static int32_t settled(fixture *it, const char *nonce, int32_t outcome, uint8_t *key) {
    sealwire_pending *pending = NULL;
    bool has_key = false;
    uint64_t expires_s = 0;
    sign(it, nonce);
    OK(sealwire_verifier_begin(it->verifier, &it->request, NOW, &pending, NULL));
    OK(sealwire_pending_update(pending, BODY, sizeof BODY - 1, NULL));
    OK(sealwire_pending_prove(pending, key, SEALWIRE_SHARED_KEY_SIZE, &has_key, &expires_s, NULL));
    CHECK(has_key && expires_s == NOW / 1000 + 301);
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_pending_settle(pending, 4, NOW, NULL, NULL));
    int32_t status = sealwire_pending_settle(pending, outcome, NOW, NULL, NULL);
    sealwire_pending_free(pending);
    return status;
}

static void store_of_the_callers_own(fixture *it) {
    uint8_t one[SEALWIRE_SHARED_KEY_SIZE], other[SEALWIRE_SHARED_KEY_SIZE];
    OK(settled(it, "in-redis", SEALWIRE_OUTCOME_FIRST, one));
    EXPECT(SEALWIRE_REASON_REPLAYED, settled(it, "in-redis", SEALWIRE_OUTCOME_SEEN, other));
    CHECK(memcmp(one, other, sizeof one) == 0);
    EXPECT(SEALWIRE_REASON_REPLAY_STORE_FULL, settled(it, "in-redis-2", SEALWIRE_OUTCOME_FULL, other));
    CHECK(memcmp(one, other, sizeof one) != 0);
    EXPECT(SEALWIRE_REASON_REPLAY_STORE_UNAVAILABLE, settled(it, "in-redis-3", SEALWIRE_OUTCOME_UNAVAILABLE, other));
}

static void ring_replaced_under_a_verifier(void) {
    fixture it;
    sealwire_key_ring *next = ring_with(2);
    sealwire_key_status statuses[4];
    size_t count = 0;
    set_up(&it);
    OK(sealwire_verifier_verify(it.verifier, &it.request, BODY, sizeof BODY - 1, NOW, NULL, NULL));
    OK(sealwire_key_ring_status(it.ring, NULL, 0, &count));
    CHECK(count == 3);
    EXPECT(SEALWIRE_STATUS_BUFFER_TOO_SMALL, sealwire_key_ring_status(it.ring, statuses, 2, &count));
    OK(sealwire_key_ring_status(it.ring, statuses, 4, &count));
    CHECK(strcmp(statuses[0].name, "agent/practices") == 0 && statuses[0].accepted == 1);
    CHECK(statuses[0].last_accepted_s == NOW / 1000 && statuses[0].primary && statuses[0].version == 1);
    OK(sealwire_key_ring_replace(it.ring, next));
    sealwire_key_ring_free(next);
    EXPECT(SEALWIRE_REASON_UNKNOWN_KEY_VERSION,
           sealwire_verifier_verify(it.verifier, &it.request, BODY, sizeof BODY - 1, NOW, NULL, NULL));
    sign(&it, "after-the-rotation");
    OK(sealwire_verifier_verify(it.verifier, &it.request, BODY, sizeof BODY - 1, NOW, NULL, NULL));
    tear_down(&it);
}

static void parts_freed_first(void) {
    fixture it;
    sealwire_pending *pending = NULL;
    set_up(&it);
    sealwire_key_ring_free(it.ring);
    sealwire_replay_table_free(it.table);
    OK(sealwire_verifier_begin(it.verifier, &it.request, NOW, &pending, NULL));
    sealwire_verifier_free(it.verifier);
    OK(sealwire_pending_update(pending, BODY, sizeof BODY - 1, NULL));
    OK(sealwire_pending_finish(pending, NOW, NULL, NULL));
    sealwire_pending_free(pending);
    sealwire_signer_free(it.signer);
}

static void table_in_the_callers_memory(void) {
    static uint64_t memory[13 * 8];
    const uint8_t key[SEALWIRE_REPLAY_KEY_SIZE] = {1, 2, 3};
    sealwire_replay_table *one = NULL, *other = NULL;
    size_t live = 0, slots = 0;
    CHECK(sealwire_replay_memory_size(64) == sizeof memory);
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_replay_table_in_memory(NULL, sizeof memory, key, 0, &one));
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_replay_table_in_memory(memory, sizeof memory, NULL, 0, &one));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_replay_table_in_memory(memory, 64, key, 0, &one));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_replay_table_in_memory(memory, 131, key, 0, &one));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_replay_table_in_memory((char *)memory + 1, 128, key, 0, &one));
    OK(sealwire_replay_table_in_memory(memory, sizeof memory, key, 0, &one));
    OK(sealwire_replay_table_in_memory(memory, sizeof memory, key, 0, &other));
    OK(sealwire_replay_table_claim(one, text("agent"), text("n1"), 2000, 1000));
    EXPECT(SEALWIRE_REASON_REPLAYED, sealwire_replay_table_claim(other, text("agent"), text("n1"), 2000, 1000));
    OK(sealwire_replay_table_fill(other, 1000, &live, &slots));
    CHECK(live == 1 && slots == 64);
    OK(sealwire_replay_table_fill(other, 2000, &live, &slots));
    CHECK(live == 0);
    EXPECT(SEALWIRE_REASON_STALE_TIMESTAMP, sealwire_replay_table_claim(one, text("agent"), text("never seen"), 1000, 1000));
    sealwire_replay_table_free(one);
    sealwire_replay_table_free(other);
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_replay_table_new(0, 0, &one));
    EXPECT(SEALWIRE_STATUS_INVALID_ARGUMENT, sealwire_replay_table_new(SIZE_MAX / 8, 0, &one));
    /* This table would be larger than the address space of the process. */
    EXPECT(SEALWIRE_STATUS_SYSTEM, sealwire_replay_table_new(SIZE_MAX >> 6, 0, &one));
}

/* Creates two tables on the heap, one of which is large enough for huge pages. */
static void table_of_one_process(void) {
    const size_t sizes[] = {64, 1000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        sealwire_replay_table *table = NULL;
        size_t live = 0, slots = 0;
        OK(sealwire_replay_table_new(sizes[i], 0, &table));
        OK(sealwire_replay_table_claim(table, text("agent"), text("n1"), 2000, 1000));
        EXPECT(SEALWIRE_REASON_REPLAYED, sealwire_replay_table_claim(table, text("agent"), text("n1"), 2000, 1000));
        OK(sealwire_replay_table_fill(table, 1000, &live, &slots));
        CHECK(slots == sizes[i]);
        sealwire_replay_table_free(table);
    }
}

static void table_in_a_file(void) {
    char path[] = "/tmp/sealwire-test-XXXXXX", file[64];
    sealwire_replay_table *one = NULL, *other = NULL;
    sealwire_error error = {{0}};
    CHECK(mkdtemp(path) != NULL);
    snprintf(file, sizeof file, "%s/table", path);
    EXPECT(SEALWIRE_STATUS_SYSTEM, sealwire_replay_table_map(text("/nowhere/table"), 64, true, &one, &error));
    CHECK(strlen(error.text) > 0);
    OK(sealwire_replay_table_map(text(file), 64, true, &one, &error));
    OK(sealwire_replay_table_map(text(file), 64, true, &other, &error));
    uint64_t now_s = sealwire_now_ms() / 1000;
    OK(sealwire_replay_table_claim(one, text("agent"), text("n1"), now_s + 300, now_s));
    EXPECT(SEALWIRE_REASON_REPLAYED,
           sealwire_replay_table_claim(other, text("agent"), text("n1"), now_s + 300, now_s));
    sealwire_replay_table_free(one);
    sealwire_replay_table_free(other);
    unlink(file);
    CHECK(rmdir(path) == 0);
}

/* A forked child process must be able to verify with the inherited handles, and must not create the same
 * nonces as the parent. */
static void after_fork(fixture *it) {
    char nonce[SEALWIRE_NONCE_SIZE], childs[SEALWIRE_NONCE_SIZE];
    int ends[2], status = 1;
    sign(it, "forked");
    OK(sealwire_fresh_nonce(nonce, sizeof nonce));
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        bool fine = sealwire_fresh_nonce(nonce, sizeof nonce) == SEALWIRE_STATUS_OK &&
                    sealwire_verifier_verify(it->verifier, &it->request, BODY, sizeof BODY - 1, NOW, NULL, NULL) == 0;
        _exit(fine && write(ends[1], nonce, sizeof nonce) == (ssize_t)sizeof nonce ? 0 : 1);
    }
    OK(sealwire_fresh_nonce(nonce, sizeof nonce));
    CHECK(read(ends[0], childs, sizeof childs) == (ssize_t)sizeof childs);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(strcmp(nonce, childs) != 0);
    close(ends[0]);
    close(ends[1]);
}

static void policy_asked(fixture *it) {
    sealwire_verifier_builder *builder = NULL;
    sealwire_verifier *verifier = NULL;
    bool yes = false;
    uint64_t enforced = 0, observed = 0, accepted = 0;
    sealwire_rejection rejected;
    OK(sealwire_verifier_builder_new(text("practices"), &builder));
    OK(sealwire_verifier_builder_set_mode(builder, SEALWIRE_MODE_OBSERVE));
    OK(sealwire_verifier_builder_accept_replays(builder, true));
    OK(sealwire_verifier_builder_build(builder, it->ring, NULL, &verifier, NULL));
    sealwire_verifier_builder_free(builder);
    EXPECT(SEALWIRE_REASON_STALE_TIMESTAMP,
           sealwire_verifier_verify(verifier, &it->request, BODY, sizeof BODY - 1, NOW + 999000, NULL, &rejected));
    CHECK(rejected.mode == SEALWIRE_MODE_OBSERVE && rejected.has_age && rejected.age_ms == 999000);
    OK(sealwire_verifier_rejected(verifier, SEALWIRE_REASON_STALE_TIMESTAMP, &enforced, &observed));
    CHECK(enforced == 0 && observed == 1);
    OK(sealwire_verifier_verify(verifier, &it->request, BODY, sizeof BODY - 1, NOW, NULL, &rejected));
    OK(sealwire_verifier_accepted(verifier, SEALWIRE_SCHEME_MESSAGE, &accepted));
    CHECK(accepted == 1);
    sealwire_verifier_free(verifier);
    OK(sealwire_is_local_health_check(text("GET"), text("/health"), "::ffff:127.0.0.1", &yes));
    CHECK(yes);
    OK(sealwire_is_local_health_check(text("GET"), text("/health"), "10.0.0.1", &yes));
    CHECK(!yes);
    EXPECT(SEALWIRE_STATUS_NULL_POINTER, sealwire_is_local_health_check(text("GET"), text("/health"), NULL, &yes));
}

/* Without a replay table, both verify functions reject requests with a nonce, unless the verifier is
 * configured to accept replays. */
static void without_a_table(fixture *it) {
    for (int accept = 0; accept <= 1; accept += 1) {
        sealwire_verifier_builder *builder = NULL;
        sealwire_verifier *verifier = NULL;
        sealwire_pending *pending = NULL;
        sealwire_rejection rejected;
        int32_t wanted = accept ? SEALWIRE_STATUS_OK : SEALWIRE_REASON_REPLAY_STORE_UNAVAILABLE;
        OK(sealwire_verifier_builder_new(text("practices"), &builder));
        OK(sealwire_verifier_builder_accept_replays(builder, accept == 1));
        OK(sealwire_verifier_builder_build(builder, it->ring, NULL, &verifier, NULL));
        sealwire_verifier_builder_free(builder);
        for (int turn = 0; turn < 2; turn += 1) {
            EXPECT(wanted,
                   sealwire_verifier_verify(verifier, &it->request, BODY, sizeof BODY - 1, NOW, NULL, &rejected));
            OK(sealwire_verifier_begin(verifier, &it->request, NOW, &pending, &rejected));
            OK(sealwire_pending_update(pending, BODY, sizeof BODY - 1, &rejected));
            EXPECT(wanted, sealwire_pending_finish(pending, NOW, NULL, &rejected));
            sealwire_pending_free(pending);
        }
        CHECK(accept || rejected.http_status == 503);
        sealwire_verifier_free(verifier);
    }
}

int main(void) {
    static fixture it;
    set_up(&it);
    pending_out_of_turn(&it);
    body_over_the_cap(&it);
    store_of_the_callers_own(&it);
    ring_replaced_under_a_verifier();
    parts_freed_first();
    table_in_the_callers_memory();
    table_of_one_process();
    table_in_a_file();
    policy_asked(&it);
    without_a_table(&it);
    after_fork(&it);
    tear_down(&it);
    return verdict("lifetimes");
}
