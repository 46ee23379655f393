/* Many threads use one verifier, replay table, key ring and signer, while the key ring is replaced. Exactly
 * one of several identical requests must be accepted. */
#include <pthread.h>

#include "fixture.h"

enum { THREADS = 4, ROUNDS = 300 };

static fixture shared[ROUNDS];
static int32_t statuses[THREADS][ROUNDS];
static bool done;

/* The function that each thread runs, which verifies all requests. */
static void *present(void *argument) {
    int32_t *own = argument;
    for (size_t at = 0; at < ROUNDS; at++)
        own[at] = sealwire_verifier_verify(shared[0].verifier, &shared[at].request, BODY, sizeof BODY - 1, NOW, NULL, NULL);
    return NULL;
}

/* Repeatedly replaces the key ring with another one that has the same keys, until the test is done. */
static void *rotate(void *argument) {
    const sealwire_key_ring *next = argument;
    intptr_t failed = 0;
    while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE)) failed |= sealwire_key_ring_replace(shared[0].ring, next);
    return (void *)failed;
}

static void *make_nonces(void *argument) {
    char *nonces = argument;
    for (size_t at = 0; at < ROUNDS; at++) {
        if (sealwire_fresh_nonce(nonces + at * SEALWIRE_NONCE_SIZE, SEALWIRE_NONCE_SIZE) != 0) return argument;
    }
    return NULL;
}

static void one_of_equal_requests_passes(void) {
    pthread_t threads[THREADS], rotating;
    sealwire_key_ring *next = ring_with(1);
    void *failed = NULL;
    CHECK(pthread_create(&rotating, NULL, rotate, next) == 0);
    for (size_t at = 0; at < THREADS; at++) CHECK(pthread_create(&threads[at], NULL, present, statuses[at]) == 0);
    for (size_t at = 0; at < THREADS; at++) CHECK(pthread_join(threads[at], NULL) == 0);
    __atomic_store_n(&done, true, __ATOMIC_RELEASE);
    CHECK(pthread_join(rotating, &failed) == 0 && failed == NULL);
    sealwire_key_ring_free(next);
    for (size_t at = 0; at < ROUNDS; at++) {
        int accepted = 0, replayed = 0;
        for (size_t thread = 0; thread < THREADS; thread++) {
            accepted += statuses[thread][at] == SEALWIRE_STATUS_OK;
            replayed += statuses[thread][at] == SEALWIRE_REASON_REPLAYED;
        }
        CHECK(accepted == 1 && replayed == THREADS - 1);
    }
}

static int by_text(const void *one, const void *other) { return strcmp(one, other); }

static void no_nonce_twice(void) {
    static char nonces[THREADS][ROUNDS][SEALWIRE_NONCE_SIZE];
    pthread_t threads[THREADS];
    int equal = 0;
    for (size_t at = 0; at < THREADS; at++) CHECK(pthread_create(&threads[at], NULL, make_nonces, nonces[at]) == 0);
    for (size_t at = 0; at < THREADS; at++) {
        void *failed = NULL;
        CHECK(pthread_join(threads[at], &failed) == 0 && failed == NULL);
    }
    char(*all)[SEALWIRE_NONCE_SIZE] = nonces[0];
    qsort(all, THREADS * ROUNDS, SEALWIRE_NONCE_SIZE, by_text);
    for (size_t at = 1; at < THREADS * ROUNDS; at++) equal += strcmp(all[at - 1], all[at]) == 0;
    CHECK(equal == 0);
}

int main(void) {
    char nonce[32];
    set_up(&shared[0]);
    for (size_t at = 0; at < ROUNDS; at++) {
        if (at > 0) shared[at] = shared[0];
        snprintf(nonce, sizeof nonce, "thread-%u", (unsigned)at);
        sign(&shared[at], nonce);
    }
    one_of_equal_requests_passes();
    no_nonce_twice();
    tear_down(&shared[0]);
    return verdict("threads");
}
