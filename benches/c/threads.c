/* Measures verification on two threads that share a verifier and a table, and on two threads that share nothing.
 *
 * Usage: threads ROUNDS prints one line of JSON with the wall time per request in nanoseconds threads contend
 * REQUESTS verifies on two threads with one verifier, while another program counts the system calls */
#define _GNU_SOURCE
#include <pthread.h>
#include <sealwire.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { BATCH = 5000, TRIES = 20, SUBJECTS = 3, MOST_ROUNDS = 1000 };

static const unsigned char secret[32] = "0123456789abcdef-bench-secret-3";
static sealwire_key_ring *ring;
static sealwire_signer *signer;

static void demand(bool holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "threads: %s failed\n", what);
    exit(1);
}

static void demand_ok(int32_t status, const char *what) { demand(status == SEALWIRE_STATUS_OK, what); }

static void make_signer(void) {
    sealwire_key_version version = {1, secret, sizeof secret};
    sealwire_key_ring_builder *keys = NULL;
    sealwire_signer_builder *builder = NULL;
    sealwire_error error = {{0}};
    demand_ok(sealwire_key_ring_builder_new(false, &keys), "key_ring_builder_new");
    demand_ok(sealwire_key_ring_builder_add_client(keys, sealwire_text_of("billing-service"), &version, 1, 1, &error), "add_client");
    demand_ok(sealwire_key_ring_builder_build(keys, &ring), "key_ring_builder_build");
    sealwire_key_ring_builder_free(keys);
    demand_ok(sealwire_signer_builder_new(sealwire_text_of("billing-service"), &builder), "signer_builder_new");
    demand_ok(sealwire_signer_builder_add_scheme(builder, SEALWIRE_SCHEME_CLIENT), "add_scheme");
    demand_ok(sealwire_signer_builder_build(builder, ring, &signer, &error), "signer_builder_build");
    sealwire_signer_builder_free(builder);
}

/* Returns a verifier with a replay table that is large enough for this number of requests. */
static sealwire_verifier *make_verifier(size_t requests) {
    sealwire_verifier_builder *builder = NULL;
    sealwire_replay_table *table = NULL;
    sealwire_verifier *verifier = NULL;
    sealwire_error error = {{0}};
    demand_ok(sealwire_replay_table_new(requests * 4, 0, &table), "replay_table_new");
    demand_ok(sealwire_verifier_builder_new(sealwire_text_of("iam"), &builder), "verifier_builder_new");
    demand_ok(sealwire_verifier_builder_accept(builder, SEALWIRE_SCHEME_CLIENT), "accept");
    demand_ok(sealwire_verifier_builder_build(builder, ring, table, &verifier, &error), "verifier_builder_build");
    sealwire_verifier_builder_free(builder);
    sealwire_replay_table_free(table);
    return verifier;
}

typedef struct {
    char buffer[SEALWIRE_SIGNATURE_SIZE];
    sealwire_header headers[SEALWIRE_SIGNATURE_HEADERS];
    sealwire_request request;
} signed_request;

static void sign(signed_request *one) {
    char nonce[SEALWIRE_NONCE_SIZE];
    sealwire_error error = {{0}};
    one->request = (sealwire_request){sealwire_text_of("POST"), sealwire_text_of("/auth/user/refresh-session"),
                                      sealwire_text_of("iam.internal"), sealwire_text_of("https"), NULL, 0};
    demand_ok(sealwire_fresh_nonce(nonce, sizeof nonce), "fresh_nonce");
    sealwire_signing signing = {sealwire_text_of("iam"), sealwire_text_of(NULL), sealwire_text_of(nonce), NULL, 0, sealwire_now_ms()};
    demand_ok(sealwire_signer_sign(signer, &one->request, &signing, one->buffer, sizeof one->buffer, one->headers,
                                   SEALWIRE_SIGNATURE_HEADERS, &one->request.header_count, &error), "signer_sign");
    one->request.headers = one->headers;
}

typedef struct {
    pthread_barrier_t *start;
    const sealwire_verifier *verifier;
    const signed_request *requests;
    size_t count;
    double began, ended;
    long interruptions;
} work;

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long interruptions(void) {
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nivcsw;
}

static void *verify_all(void *given) {
    work *own = given;
    pthread_barrier_wait(own->start);
    long before = interruptions();
    own->began = seconds();
    for (size_t at = 0; at < own->count; at++)
        demand_ok(sealwire_verifier_verify(own->verifier, &own->requests[at].request, NULL, 0, sealwire_now_ms(), NULL, NULL), "verify");
    own->ended = seconds();
    own->interruptions = interruptions() - before;
    return NULL;
}

/* Runs one thread per verifier and returns the wall time per request in nanoseconds. If a thread was interrupted, the returned time is negative. */
static double round_of(sealwire_verifier *const *verifiers, size_t threads, size_t requests) {
    pthread_barrier_t start;
    pthread_t running[2];
    work works[2];
    signed_request *all = malloc(requests * sizeof *all);
    demand(all != NULL, "malloc");
    for (size_t at = 0; at < requests; at++) sign(&all[at]);
    pthread_barrier_init(&start, NULL, (unsigned)threads);
    for (size_t at = 0; at < threads; at++) {
        size_t count = requests / threads;
        works[at] = (work){&start, verifiers[at], all + at * count, count, 0, 0, 0};
        demand(pthread_create(&running[at], NULL, verify_all, &works[at]) == 0, "pthread_create");
    }
    for (size_t at = 0; at < threads; at++) pthread_join(running[at], NULL);
    pthread_barrier_destroy(&start);
    free(all);
    work *first = works, *second = &works[threads - 1];
    double began = first->began < second->began ? first->began : second->began;
    double ended = first->ended > second->ended ? first->ended : second->ended;
    double each = (ended - began) * 1e9 / (double)requests;
    return first->interruptions + second->interruptions > 0 ? -each : each;
}

/* Measures one round. The subjects are two threads with one verifier (0), one thread (1), and two threads with separate verifiers (2). */
static double measured(int subject) {
    double each = 0;
    for (int attempt = 0; attempt < TRIES && each <= 0; attempt++) {
        sealwire_verifier *one = make_verifier(BATCH), *other = subject == 2 ? make_verifier(BATCH) : one;
        each = round_of((sealwire_verifier *[]){one, other}, subject == 1 ? 1 : 2, BATCH);
        sealwire_verifier_free(one);
        if (other != one) sealwire_verifier_free(other);
    }
    return each < 0 ? -each : each;
}

static void print_row(int rounds) {
    static const char *names[SUBJECTS] = {"two threads", "one thread", "two threads that share nothing"};
    static double taken[SUBJECTS][MOST_ROUNDS];
    for (int turn = -1; turn < rounds; turn++)
        for (int at = 0; at < SUBJECTS; at++) {
            int subject = (at + turn + SUBJECTS) % SUBJECTS;
            double each = measured(subject);
            if (turn >= 0) taken[subject][turn] = each; /* the first round is a warm-up */
        }
    printf("{\"row\": \"threads-c\", \"subjects\": [");
    for (int subject = 0; subject < SUBJECTS; subject++) {
        printf("%s{\"name\": \"%s\", \"rounds\": [", subject ? ", " : "", names[subject]);
        for (int turn = 0; turn < rounds; turn++) printf("%s%.3f", turn ? ", " : "", taken[subject][turn]);
        printf("]}");
    }
    printf("], \"pace\": [");
    for (int turn = 0; turn < rounds; turn++) printf("%s1", turn ? ", " : "");
    printf("]}\n");
}

int main(int count, char **arguments) {
    make_signer();
    if (count == 3 && strcmp(arguments[1], "contend") == 0) {
        sealwire_verifier *shared = make_verifier((size_t)atol(arguments[2]));
        round_of((sealwire_verifier *[]){shared, shared}, 2, (size_t)atol(arguments[2]));
        sealwire_verifier_free(shared);
    } else {
        int rounds = count == 2 ? atoi(arguments[1]) : 0;
        demand(rounds > 0 && rounds <= MOST_ROUNDS, "the number of rounds");
        print_row(rounds);
    }
    sealwire_signer_free(signer);
    sealwire_key_ring_free(ring);
    return 0;
}
