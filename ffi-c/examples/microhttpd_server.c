/* A service that verifies with libmicrohttpd: the head before the body is read, the body as it arrives.
 * Usage: microhttpd_server SERVICE PORT   The keys are in HMAC_SECRET_<A>_<B>. Exits at the end of standard input. */
#include <microhttpd.h>
#include <sealwire.h>
#include <stdio.h>
#include <stdlib.h>

/* A request and its verification. */
typedef struct {
    char *target; /* as on the wire: libmicrohttpd decodes what it hands to the handler */
    bool begun;
    sealwire_pending *pending;
    sealwire_rejection rejected;
    int32_t status;
} exchange;

static void *note_target(void *closure, const char *uri, struct MHD_Connection *connection) {
    exchange *it = calloc(1, sizeof *it);
    (void)closure, (void)connection;
    if (it == NULL) return NULL;
    it->target = malloc(strlen(uri) + 1);
    if (it->target != NULL) strcpy(it->target, uri);
    return it;
}

static void end(void *closure, struct MHD_Connection *connection, void **held, enum MHD_RequestTerminationCode code) {
    exchange *it = *held;
    (void)closure, (void)connection, (void)code;
    if (it == NULL) return;
    sealwire_pending_free(it->pending);
    free(it->target);
    free(it);
}

/* The header lines as received, including repeated ones. One line more than the library accepts is stored,
 * so that a longer list is rejected. */
typedef struct {
    sealwire_header list[SEALWIRE_MAX_HEADERS + 1];
    size_t count;
} lines;

static enum MHD_Result take_line(void *closure, enum MHD_ValueKind kind, const char *name, const char *value) {
    lines *all = closure;
    (void)kind;
    all->list[all->count].name = sealwire_text_of(name);
    all->list[all->count].value = sealwire_text_of(value);
    all->count++;
    return all->count > SEALWIRE_MAX_HEADERS ? MHD_NO : MHD_YES;
}

static void begin(const sealwire_verifier *verifier, struct MHD_Connection *connection, const char *method, exchange *it) {
    lines all = {.count = 0};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, take_line, &all);
    sealwire_request request = {sealwire_text_of(method), sealwire_text_of(it->target), sealwire_text_of(NULL),
                                sealwire_text_of("http"), all.list, all.count};
    it->begun = true;
    it->status = sealwire_verifier_begin(verifier, &request, sealwire_now_ms(), &it->pending, &it->rejected);
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned int http_status, char *text) {
    struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result queued = MHD_queue_response(connection, http_status, response);
    MHD_destroy_response(response);
    return queued;
}

/* The reason is logged, and the peer receives the public message only in the mode enforce. In the modes
 * observe and off the request is accepted without an identity. */
static enum MHD_Result refuse(struct MHD_Connection *connection, exchange *it) {
    static char failed[] = "Internal server error", unidentified[] = "hello stranger";
    bool passes = it->status > 0 && it->rejected.mode != SEALWIRE_MODE_ENFORCE;
    if (it->rejected.mode != SEALWIRE_MODE_OFF)
        fprintf(stderr, "%s: %s, sender %s\n", passes ? "observed" : "rejected", sealwire_status_name(it->status), it->rejected.sender);
    if (passes) return answer(connection, MHD_HTTP_OK, unidentified);
    if (it->status < 0) return answer(connection, (unsigned)sealwire_status_http(it->status), failed);
    return answer(connection, (unsigned)it->rejected.http_status, it->rejected.public_text);
}

static enum MHD_Result finish(struct MHD_Connection *connection, exchange *it) {
    char text[SEALWIRE_ID_SIZE + 16];
    sealwire_identity identity;
    if (it->status == SEALWIRE_STATUS_OK)
        it->status = sealwire_pending_finish(it->pending, sealwire_now_ms(), &identity, &it->rejected);
    if (it->status != SEALWIRE_STATUS_OK) return refuse(connection, it);
    snprintf(text, sizeof text, "hello %s", identity.sender);
    return answer(connection, MHD_HTTP_OK, text);
}

/* Called with the head, then with each part of the body, then once more without data. */
static enum MHD_Result handle(void *closure, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *chunk, size_t *chunk_size, void **held) {
    exchange *it = *held;
    (void)url, (void)version;
    if (it == NULL) return MHD_NO;
    if (!it->begun) {
        begin(closure, connection, method, it);
        return MHD_YES; /* a refused request is answered after its body, which is not looked at */
    }
    if (*chunk_size == 0) return finish(connection, it);
    if (it->status == SEALWIRE_STATUS_OK)
        it->status = sealwire_pending_update(it->pending, chunk, *chunk_size, &it->rejected);
    *chunk_size = 0;
    return MHD_YES;
}

static int32_t make_verifier(const char *service, sealwire_verifier **verifier, sealwire_error *error) {
    sealwire_key_ring *ring = NULL;
    sealwire_replay_table *table = NULL;
    sealwire_verifier_builder *builder = NULL;
    size_t slots = sealwire_replay_slots(0, 0); /* the default: 200 requests a second */
    int32_t status = sealwire_key_ring_from_env(sealwire_text_of(service), false, &ring, error);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_replay_table_new(slots, sealwire_now_ms() / 1000, &table);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_verifier_builder_new(sealwire_text_of(service), &builder);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_verifier_builder_build(builder, ring, table, verifier, error);
    sealwire_verifier_builder_free(builder);
    sealwire_replay_table_free(table); /* the verifier shares both */
    sealwire_key_ring_free(ring);
    return status;
}

int main(int argc, char **argv) {
    sealwire_error error = {{0}};
    sealwire_verifier *verifier = NULL;
    if (argc != 3) return fprintf(stderr, "usage: microhttpd_server SERVICE PORT\n"), 2;
    int32_t status = make_verifier(argv[1], &verifier, &error);
    if (status != SEALWIRE_STATUS_OK) return fprintf(stderr, "%s: %s\n", sealwire_status_name(status), error.text), 2;
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD, (uint16_t)strtoul(argv[2], NULL, 10), NULL, NULL, handle, verifier,
        MHD_OPTION_URI_LOG_CALLBACK, note_target, NULL, MHD_OPTION_NOTIFY_COMPLETED, end, NULL, MHD_OPTION_END);
    if (daemon == NULL) return fprintf(stderr, "the port cannot be listened on\n"), 2;
    printf("listening on %u\n", (unsigned)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    while (getchar() != EOF) {
    }
    MHD_stop_daemon(daemon);
    sealwire_verifier_free(verifier);
    return 0;
}
