/* A service that uses libmicrohttpd. It verifies the head of a request before it reads the body, and verifies the body while it arrives.
 * Usage: microhttpd_server SERVICE PORT [KEY_FILE [MODE_FILE]]
 * Without KEY_FILE, it reads the keys from HMAC_SECRET_<A>_<B>. Both files are reloaded when they change. Metrics for
 * Prometheus are at /metrics. The service exits at the end of standard input. */
#include <microhttpd.h>
#include <poll.h>
#include <sealwire.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    sealwire_verifier *verifier;
    sealwire_key_file *keys;   /* NULL if there is no key file */
    sealwire_mode_file *modes; /* NULL if there is no mode file */
} service;

/* A request and the state of its verification. */
typedef struct {
    char *target; /* the target as it was sent, because the handler gets a decoded URL */
    bool begun;
    bool exempt;
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

/* The header lines as received, including repeated headers. The list can store one line more than the library accepts.
 * The library therefore rejects a request with too many lines. */
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
    it->status = sealwire_verifier_is_exempt(verifier, &request, &it->exempt);
    if (it->status == SEALWIRE_STATUS_OK && !it->exempt)
        it->status = sealwire_verifier_begin(verifier, &request, sealwire_now_ms(), &it->pending, &it->rejected);
}

/* `status` is the result of the verification. */
static enum MHD_Result respond(const service *running, struct MHD_Connection *connection, int32_t status, unsigned int http_status,
                               char *text) {
    char challenge[128];
    size_t length = 0;
    struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, sealwire_cache_control(status).data);
    if (http_status == MHD_HTTP_UNAUTHORIZED &&
        sealwire_verifier_challenge(running->verifier, status, challenge, sizeof challenge, &length) == SEALWIRE_STATUS_OK)
        MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, challenge);
    enum MHD_Result queued = MHD_queue_response(connection, http_status, response);
    MHD_destroy_response(response);
    return queued;
}

/* Logs the reason. In the mode enforce, responds with the public text. In the modes observe and off, accepts the request
 * without an identity. */
static enum MHD_Result refuse(const service *running, struct MHD_Connection *connection, exchange *it) {
    static char failed[] = "Internal server error", unidentified[] = "hello stranger";
    bool passes = it->status > 0 && it->rejected.mode != SEALWIRE_MODE_ENFORCE;
    if (it->status < 0 || it->rejected.mode != SEALWIRE_MODE_OFF)
        fprintf(stderr, "%s: %s, sender %s\n", passes ? "observed" : "rejected", sealwire_status_name(it->status), it->rejected.sender);
    if (passes) return respond(running, connection, it->status, MHD_HTTP_OK, unidentified);
    if (it->status < 0) return respond(running, connection, it->status, (unsigned)sealwire_status_http(it->status), failed);
    return respond(running, connection, it->status, (unsigned)it->rejected.http_status, it->rejected.public_text);
}

static enum MHD_Result finish(const service *running, struct MHD_Connection *connection, exchange *it) {
    char text[SEALWIRE_ID_SIZE + 16];
    sealwire_identity identity;
    if (it->status == SEALWIRE_STATUS_OK)
        it->status = sealwire_pending_finish(it->pending, sealwire_now_ms(), &identity, &it->rejected);
    if (it->status != SEALWIRE_STATUS_OK) return refuse(running, connection, it);
    snprintf(text, sizeof text, "hello %s", identity.sender);
    return respond(running, connection, SEALWIRE_STATUS_OK, MHD_HTTP_OK, text);
}

/* Serves the metrics at the only exempt path. Use another port if the network does not protect this path. */
static enum MHD_Result metrics(const service *running, struct MHD_Connection *connection) {
    static char failed[] = "Internal server error";
    size_t size = 0;
    int32_t status = sealwire_metrics_text(running->verifier, running->keys, running->modes, sealwire_now_ms(), NULL, 0, &size);
    size += 4096; /* another request can add lines before the next call */
    char *page = status == SEALWIRE_STATUS_OK ? malloc(size) : NULL;
    if (page != NULL)
        status = sealwire_metrics_text(running->verifier, running->keys, running->modes, sealwire_now_ms(), page, size, &size);
    bool written = page != NULL && status == SEALWIRE_STATUS_OK;
    enum MHD_Result queued = respond(running, connection, SEALWIRE_STATUS_OK, written ? MHD_HTTP_OK : 500, written ? page : failed);
    free(page);
    return queued;
}

/* libmicrohttpd calls this function with the head, then with each chunk of the body, and then once without data. */
static enum MHD_Result handle(void *closure, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *chunk, size_t *chunk_size, void **held) {
    const service *running = closure;
    exchange *it = *held;
    (void)url, (void)version;
    if (it == NULL) return MHD_NO;
    if (!it->begun) {
        begin(running->verifier, connection, method, it);
        return MHD_YES; /* the response to a rejected request is sent after its body was received */
    }
    if (*chunk_size == 0) return it->exempt ? metrics(running, connection) : finish(running, connection, it);
    if (!it->exempt && it->status == SEALWIRE_STATUS_OK)
        it->status = sealwire_pending_update(it->pending, chunk, *chunk_size, &it->rejected);
    *chunk_size = 0;
    return MHD_YES;
}

static int32_t load_keys(service *it, const char *name, const char *path, sealwire_key_ring **ring, sealwire_error *error) {
    sealwire_key_file_options options;
    memset(&options, 0, sizeof options);
    options.service = sealwire_text_of(name); /* the pair keys of other services are not loaded */
    if (path == NULL) return sealwire_key_ring_from_env(options.service, false, ring, error);
    int32_t status = sealwire_key_file_open(sealwire_text_of(path), &options, &it->keys, error);
    return status != SEALWIRE_STATUS_OK ? status : sealwire_key_file_ring(it->keys, ring);
}

static int32_t load_modes(service *it, const char *path, sealwire_modes **modes, sealwire_error *error) {
    if (path == NULL) return sealwire_modes_new(SEALWIRE_MODE_ENFORCE, modes);
    int32_t status = sealwire_mode_file_open(sealwire_text_of(path), &it->modes, error);
    return status != SEALWIRE_STATUS_OK ? status : sealwire_mode_file_modes(it->modes, modes);
}

static int32_t open_service(service *it, const char *name, const char *keys, const char *mode_file, sealwire_error *error) {
    sealwire_key_ring *ring = NULL;
    sealwire_modes *modes = NULL;
    sealwire_replay_table *table = NULL;
    sealwire_verifier_builder *builder = NULL;
    size_t slots = sealwire_replay_slots(0, 0); /* the default of 200 requests per second */
    int32_t status = load_keys(it, name, keys, &ring, error);
    if (status == SEALWIRE_STATUS_OK) status = load_modes(it, mode_file, &modes, error);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_modes_apply_env(modes, error); /* applies HMAC_AUTH_ENABLED=false */
    if (status == SEALWIRE_STATUS_OK) status = sealwire_replay_table_new(slots, sealwire_now_ms() / 1000, &table);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_verifier_builder_new(sealwire_text_of(name), &builder);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_verifier_builder_set_modes(builder, modes);
    if (status == SEALWIRE_STATUS_OK) status = sealwire_verifier_builder_exempt_path(builder, sealwire_text_of("/metrics"));
    if (status == SEALWIRE_STATUS_OK) status = sealwire_verifier_builder_build(builder, ring, table, &it->verifier, error);
    sealwire_verifier_builder_free(builder);
    sealwire_replay_table_free(table); /* the verifier still uses the table, the modes and the ring */
    sealwire_modes_free(modes);
    sealwire_key_ring_free(ring);
    return status;
}

static void close_service(service *it) {
    sealwire_verifier_free(it->verifier);
    sealwire_key_file_free(it->keys);
    sealwire_mode_file_free(it->modes);
}

/* Logs problems that do not prevent the start. */
static void log_warnings(const service *it) {
    char warnings[2048];
    size_t length = 0;
    bool exposed = false;
    if (sealwire_verifier_warnings(it->verifier, warnings, sizeof warnings, &length) == SEALWIRE_STATUS_OK && length > 0)
        fprintf(stderr, "%s\n", warnings);
    if (it->keys != NULL && sealwire_key_file_is_exposed(it->keys, &exposed, NULL) == SEALWIRE_STATUS_OK && exposed)
        fprintf(stderr, "the key file contains secrets and other users can read it; run chmod 600 on it\n");
}

/* Reloads changed files. If a file is invalid, the error is logged once, and the current keys or modes stay active. */
static void reload(const service *it) {
    sealwire_error error = {{0}};
    bool reloaded = false;
    if (it->keys != NULL && sealwire_key_file_reload_if_changed(it->keys, &reloaded, &error) != SEALWIRE_STATUS_OK)
        fprintf(stderr, "keys not reloaded: %s\n", error.text);
    else if (reloaded)
        fprintf(stderr, "keys reloaded\n");
    reloaded = false;
    if (it->modes != NULL && sealwire_mode_file_reload_if_changed(it->modes, &reloaded, &error) != SEALWIRE_STATUS_OK)
        fprintf(stderr, "modes not reloaded: %s\n", error.text);
    else if (reloaded)
        fprintf(stderr, "modes reloaded\n");
}

/* Checks the files once a second until the end of standard input. */
static void wait_for_end(const service *it) {
    struct pollfd input = {.fd = 0, .events = POLLIN};
    for (;;) {
        int ready = poll(&input, 1, 1000);
        if (ready > 0 && getchar() == EOF) return;
        reload(it);
    }
}

int main(int argc, char **argv) {
    sealwire_error error = {{0}};
    service it = {NULL, NULL, NULL};
    if (argc < 3 || argc > 5) return fprintf(stderr, "usage: microhttpd_server SERVICE PORT [KEY_FILE [MODE_FILE]]\n"), 2;
    int32_t status = open_service(&it, argv[1], argc > 3 ? argv[3] : NULL, argc > 4 ? argv[4] : NULL, &error);
    if (status != SEALWIRE_STATUS_OK) {
        fprintf(stderr, "%s: %s\n", sealwire_status_name(status), error.text);
        close_service(&it);
        return 2;
    }
    log_warnings(&it);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD, (uint16_t)strtoul(argv[2], NULL, 10), NULL, NULL, handle, &it,
        MHD_OPTION_URI_LOG_CALLBACK, note_target, NULL, MHD_OPTION_NOTIFY_COMPLETED, end, NULL, MHD_OPTION_END);
    if (daemon != NULL) {
        printf("listening on %u\n", (unsigned)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
        fflush(stdout);
        wait_for_end(&it);
        MHD_stop_daemon(daemon);
    } else {
        fprintf(stderr, "the port cannot be listened on\n");
    }
    close_service(&it);
    return daemon != NULL ? 0 : 2;
}
