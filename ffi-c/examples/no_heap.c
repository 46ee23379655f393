/* An example for devices without a heap. The keys, the replay table and the buffers are in static memory. The program
 * signs a request as `sensor` and verifies it twice as `hub`. The second verification fails, because the request is then
 * a replay. The exit code is 0 if both results are as expected. */
#include <sealwire.h>
#include <unistd.h>

/* The result of sealwire_replay_memory_size(64), as a constant. */
enum { REPLAY_BYTES = 13 * 64 };

/* A real device reads these values from its random source and its clock. */
static const unsigned char secret[32] = {7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5, 9, 0, 4, 5, 2, 3, 5, 3, 6, 0, 2, 8, 7, 4, 7, 1, 3, 5, 2, 6, 6};
static const uint64_t now_ms = UINT64_C(1712419200000);

static unsigned char key_memory[SEALWIRE_KEY_SET_SIZE(1)];
static uint64_t replay_memory[REPLAY_BYTES / 8];
static char buffer[SEALWIRE_SIGNATURE_SIZE];
static sealwire_header headers[SEALWIRE_SIGNATURE_HEADERS];
static sealwire_static_entry entry;
static const char body[] = "21.5 C";

/* Prints a line without printf, because printf can use the heap. */
static void say(const char *text) {
    if (write(STDOUT_FILENO, text, strlen(text)) < 0 || write(STDOUT_FILENO, "\n", 1) < 0) _exit(3);
}

static int32_t sign(sealwire_request *request) {
    sealwire_static_signer signer = {sealwire_text_of("sensor"), NULL, 0, &entry, 1};
    sealwire_signing signing = {sealwire_text_of("hub"), sealwire_text_of(NULL), sealwire_text_of("reading-000001"), body,
                                sizeof body - 1, now_ms};
    request->headers = headers;
    return sealwire_static_sign(&signer, request, &signing, buffer, sizeof buffer, headers, SEALWIRE_SIGNATURE_HEADERS,
                                &request->header_count, NULL);
}

static int32_t verify(const sealwire_static_verifier *verifier, const sealwire_request *request) {
    sealwire_identity identity;
    sealwire_rejection rejected;
    int32_t status =
        sealwire_static_verify(verifier, request, body, sizeof body - 1, now_ms + 1500, &identity, &rejected);
    say(status == SEALWIRE_STATUS_OK ? identity.sender : sealwire_status_name(status));
    return status;
}

int main(void) {
    sealwire_key_version version = {1, secret, sizeof secret};
    sealwire_request request = {sealwire_text_of("POST"), sealwire_text_of("/readings"), sealwire_text_of("hub.local"),
                                sealwire_text_of("http"), NULL, 0};
    sealwire_static_verifier verifier;
    int32_t first, second;

    entry.name = sealwire_text_of("sensor");
    entry.peer = sealwire_text_of("hub");
    if (sealwire_key_set_init(key_memory, sizeof key_memory, &version, 1, 1, false, &entry.keys, NULL) != SEALWIRE_STATUS_OK)
        return 1;
    if (sign(&request) != SEALWIRE_STATUS_OK) return 1;

    memset(&verifier, 0, sizeof verifier); /* members that are 0 have their default values */
    verifier.service = sealwire_text_of("hub");
    verifier.entries = &entry;
    verifier.entry_count = 1;
    verifier.replay_memory = replay_memory;
    verifier.replay_memory_size = sizeof replay_memory;
    verifier.replay_key[0] = 42; /* a real device needs 16 random bytes */
    first = verify(&verifier, &request);
    second = verify(&verifier, &request);
    sealwire_memzero(key_memory, sizeof key_memory);
    return first == SEALWIRE_STATUS_OK && second == SEALWIRE_REASON_REPLAYED ? 0 : 1;
}
