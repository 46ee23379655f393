/* Several threads reload key and mode files and set modes while other threads verify requests. No valid request
 * may be rejected. */
#include <pthread.h>

#include "file.h"
#include "fixture.h"

enum { VERIFYING = 3, RELOADING = 2, ROUNDS = 200 };

#define KEY(number, secret) "{ version = " number ", secret = \"" secret "\" },"
#define PAIR(primary, versions) "[pairs.\"agent/practices\"]\nhmacPrimaryVersion = " primary "\nhmacSecrets = [" versions "]\n"
#define ONE KEY("1", "dGhpcnR5LXR3byBieXRlcyBvZiBhIHRlc3Qgc2VjcmU=") /* SECRET of fixture.h, in Base64 */
#define TWO KEY("2", "b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldC1vdGhlci0xMjM0NTY3OA==")

static const char *const files[] = {PAIR("1", ONE), PAIR("2", ONE TWO), PAIR("1", ONE TWO)};
static fixture shared[VERIFYING][ROUNDS];
static sealwire_verifier *verifier;
static sealwire_key_file *keys;
static sealwire_mode_file *mode_file;
static sealwire_modes *modes;
static bool done;

static void *verify(void *argument) {
    fixture *own = argument;
    intptr_t rejected = 0;
    for (size_t at = 0; at < ROUNDS; at++)
        rejected += sealwire_verifier_verify(verifier, &own[at].request, BODY, sizeof BODY - 1, NOW, NULL, NULL) != 0;
    return (void *)rejected;
}

static void *reload(void *argument) {
    intptr_t failed = 0;
    (void)argument;
    while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE)) {
        bool reloaded = false;
        failed += sealwire_key_file_reload(keys, NULL) != 0;
        failed += sealwire_key_file_reload_if_changed(keys, &reloaded, NULL) != 0;
        failed += sealwire_mode_file_reload_if_changed(mode_file, &reloaded, NULL) != 0;
        failed += sealwire_modes_set_sender(modes, text("agent"), SEALWIRE_MODE_OBSERVE) != 0;
        failed += sealwire_modes_set_sender(modes, text("agent"), SEALWIRE_MODE_INHERIT) != 0;
    }
    return (void *)failed;
}

/* Repeatedly rewrites both files until the test is done. */
static void *change(void *argument) {
    (void)argument;
    for (size_t round = 0; !__atomic_load_n(&done, __ATOMIC_ACQUIRE); round++) {
        put("keys.toml", files[round % 3]);
        put("modes.toml", round % 2 == 0 ? "mode = \"observe\"\n" : "mode = \"enforce\"\n");
    }
    return NULL;
}

static void prepare(void) {
    sealwire_key_ring *ring = NULL;
    char nonce[32];
    set_up(&shared[0][0]);
    OK(sealwire_key_file_open(text(put("keys.toml", files[0])), NULL, &keys, NULL));
    OK(sealwire_mode_file_open(text(put("modes.toml", "")), &mode_file, NULL));
    OK(sealwire_key_file_ring(keys, &ring));
    OK(sealwire_mode_file_modes(mode_file, &modes));
    sealwire_verifier_builder *builder = NULL;
    OK(sealwire_verifier_builder_new(text("practices"), &builder));
    OK(sealwire_verifier_builder_set_modes(builder, modes));
    OK(sealwire_verifier_builder_build(builder, ring, shared[0][0].table, &verifier, NULL));
    sealwire_verifier_builder_free(builder);
    sealwire_key_ring_free(ring);
    for (size_t at = 0; at < VERIFYING * ROUNDS; at++) {
        fixture *one = &shared[at / ROUNDS][at % ROUNDS];
        if (at > 0) *one = shared[0][0];
        snprintf(nonce, sizeof nonce, "reload-%u", (unsigned)at);
        sign(one, nonce);
    }
}

int main(void) {
    pthread_t verifying[VERIFYING], reloading[RELOADING], changing;
    void *failed = NULL;
    make_folder();
    prepare();
    CHECK(pthread_create(&changing, NULL, change, NULL) == 0);
    for (size_t at = 0; at < RELOADING; at++) CHECK(pthread_create(&reloading[at], NULL, reload, NULL) == 0);
    for (size_t at = 0; at < VERIFYING; at++) CHECK(pthread_create(&verifying[at], NULL, verify, shared[at]) == 0);
    for (size_t at = 0; at < VERIFYING; at++) CHECK(pthread_join(verifying[at], &failed) == 0 && failed == NULL);
    __atomic_store_n(&done, true, __ATOMIC_RELEASE);
    for (size_t at = 0; at < RELOADING; at++) CHECK(pthread_join(reloading[at], &failed) == 0 && failed == NULL);
    CHECK(pthread_join(changing, NULL) == 0);
    sealwire_verifier_free(verifier);
    sealwire_key_file_free(keys);
    sealwire_mode_file_free(mode_file);
    sealwire_modes_free(modes);
    tear_down(&shared[0][0]);
    remove_folder();
    return verdict("reload_threads");
}
