/*
 * The service `ledger`: verifies requests in all three schemes with Sealwire and libmicrohttpd.
 *
 *     server [NAME PORT]
  * Without arguments, the environment variables SERVICE and PORT are used.
 *
 * Processes with the same REPLAY_FILE share a replay table. Without REPLAY_FILE, the table is on the heap.
 * KEYS and MODES contain the paths of a key file and a mode file. The service reloads both files on SIGHUP
 * and when they change. Without KEYS, it reads the keys from environment variables.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "http_service.h"

enum { REQUESTS_PER_SECOND = 200, WINDOW_SECONDS = 600 };

typedef struct {
    sealwire_verifier *verifier;
    sealwire_key_file *keys;      /* NULL if KEYS is not set */
    sealwire_mode_file *modes;    /* NULL if MODES is not set */
} ledger;

static void open_ledger(ledger *it, const char *service);
static sealwire_key_ring *ring_of(ledger *it, const char *service);
static sealwire_replay_table *replay_table(void);
static void look(void *context, bool is_asked);
static enum MHD_Result judge(void *context, const http_call *call);
static enum MHD_Result reject(const http_call *call, int32_t status, const sealwire_rejection *rejected);
static enum MHD_Result accept_call(const http_call *call, const sealwire_identity *identity);
static enum MHD_Result say(const http_call *call, int status, const char *text);
static enum MHD_Result metrics(const ledger *it, const http_call *call);

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    return value != NULL ? value : "";
}

int main(int argc, char **argv)
{
    if (argc != 1 && argc != 3) {
        fprintf(stderr, "usage: server [NAME PORT]\n");
        return 2;
    }
    http_block_signals();
    ledger it = {.verifier = NULL};
    open_ledger(&it, argc == 3 ? argv[1] : setting("SERVICE"));
    http_service service = {judge, &it};
    int result = http_serve((uint16_t)atoi(argc == 3 ? argv[2] : setting("PORT")), &service, look);
    sealwire_verifier_free(it.verifier);
    sealwire_key_file_free(it.keys);
    sealwire_mode_file_free(it.modes);
    return result;
}

static void open_ledger(ledger *it, const char *service)
{
    static const int32_t accepted[] = {SEALWIRE_SCHEME_MESSAGE, SEALWIRE_SCHEME_PAIRWISE, SEALWIRE_SCHEME_CLIENT};
    sealwire_error error = {.text = ""};
    sealwire_verifier_builder *builder = NULL;
    sealwire_modes *modes = NULL;
    sealwire_key_ring *ring = ring_of(it, service);
    sealwire_replay_table *table = replay_table();
    const char *mode_file = getenv("MODES");
    if (mode_file != NULL) {
        require(sealwire_mode_file_open(sealwire_text_of(mode_file), &it->modes, &error), mode_file, &error);
        require(sealwire_mode_file_modes(it->modes, &modes), "modes", NULL);
    } else {
        require(sealwire_modes_new(SEALWIRE_MODE_ENFORCE, &modes), "modes", NULL);
    }
    require(sealwire_modes_apply_env(modes, &error), "modes", &error);
    require(sealwire_verifier_builder_new(sealwire_text_of(service), &builder), "verifier", NULL);
    for (size_t at = 0; at < sizeof accepted / sizeof *accepted; at++)
        require(sealwire_verifier_builder_accept(builder, accepted[at]), "scheme", NULL);
    require(sealwire_verifier_builder_set_modes(builder, modes), "modes", NULL);
    /* pairwise has no nonce, so the verifier claims the signature as the nonce. */
    require(sealwire_verifier_builder_claim_pairwise(builder, true), "verifier", NULL);
    require(sealwire_verifier_builder_exempt_path(builder, sealwire_text_of("/health")), "verifier", NULL);
    require(sealwire_verifier_builder_exempt_path(builder, sealwire_text_of("/metrics")), "verifier", NULL);
    require(sealwire_verifier_builder_build(builder, ring, table, &it->verifier, &error), "verifier", &error);
    sealwire_verifier_builder_free(builder);
    sealwire_modes_free(modes);
    sealwire_replay_table_free(table);
    sealwire_key_ring_free(ring);
}

static sealwire_key_ring *ring_of(ledger *it, const char *service)
{
    sealwire_error error = {.text = ""};
    sealwire_key_ring *ring = NULL;
    sealwire_key_file_options options = {.service = sealwire_text_of(service)};
    const char *key_file = getenv("KEYS");
    if (key_file == NULL)
        return keys_of(service);
    require(sealwire_key_file_open(sealwire_text_of(key_file), &options, &it->keys, &error), key_file, &error);
    require(sealwire_key_file_ring(it->keys, &ring), key_file, NULL);
    return ring;
}

static sealwire_replay_table *replay_table(void)
{
    sealwire_error error = {.text = ""};
    sealwire_replay_table *table = NULL;
    const char *expected = getenv("REQUESTS_PER_SECOND");
    uint32_t per_second = expected == NULL ? REQUESTS_PER_SECOND : (uint32_t)strtoul(expected, NULL, 10);
    size_t slots = sealwire_replay_slots(per_second, WINDOW_SECONDS);
    const char *path = getenv("REPLAY_FILE");
    if (path != NULL)
        require(sealwire_replay_table_map(sealwire_text_of(path), slots, false, &table, &error), path, &error);
    else
        require(sealwire_replay_table_new(slots, sealwire_now_ms() / 1000, &table), "replay table", NULL);
    return table;
}

static int32_t service_mode(const ledger *it)
{
    sealwire_modes *modes = NULL;
    int32_t mode = SEALWIRE_MODE_ENFORCE;
    require(sealwire_verifier_modes(it->verifier, &modes), "modes", NULL);
    require(sealwire_modes_get(modes, sealwire_text_of(""), &mode), "modes", NULL);
    sealwire_modes_free(modes);
    return mode;
}

static void look(void *context, bool is_asked)
{
    static const char *const names[] = {"off", "observe", "enforce"};
    ledger *it = context;
    sealwire_error error = {.text = ""};
    bool reloaded = is_asked;
    int32_t status = SEALWIRE_STATUS_OK, before = service_mode(it);
    if (it->keys != NULL)
        status = is_asked ? sealwire_key_file_reload(it->keys, &error)
                          : sealwire_key_file_reload_if_changed(it->keys, &reloaded, &error);
    if (status != SEALWIRE_STATUS_OK)
        printf("keys NOT reloaded, the old ones stay active: %s\n", error.text);
    status = SEALWIRE_STATUS_OK;
    if (it->modes != NULL)
        status = is_asked ? sealwire_mode_file_reload(it->modes, &error)
                          : sealwire_mode_file_reload_if_changed(it->modes, &reloaded, &error);
    if (status != SEALWIRE_STATUS_OK)
        printf("modes NOT reloaded, the old ones stay active: %s\n", error.text);
    if (service_mode(it) != before)
        printf("modes changed: the service %s -> %s\n", names[before], names[service_mode(it)]);
    fflush(stdout);
}

static enum MHD_Result judge(void *context, const http_call *call)
{
    const ledger *it = context;
    sealwire_identity identity;
    sealwire_rejection rejected;
    bool exempt = false;
    if (sealwire_verifier_is_exempt(it->verifier, call->request, &exempt) == SEALWIRE_STATUS_OK && exempt)
        return strcmp(call->path, "/metrics") == 0 ? metrics(it, call) : say(call, MHD_HTTP_OK, "ok");
    int32_t status = sealwire_verifier_verify(it->verifier, call->request, call->body, call->body_size, sealwire_now_ms(),
                                              &identity, &rejected);
    return status == SEALWIRE_STATUS_OK ? accept_call(call, &identity) : reject(call, status, &rejected);
}

/* Rejects a request. In mode `observe`, serves it without an identity instead. */
static enum MHD_Result reject(const http_call *call, int32_t status, const sealwire_rejection *rejected)
{
    bool passes = status > 0 && rejected->mode != SEALWIRE_MODE_ENFORCE;
    printf("%s %s%s: %s\n", call->request->method.data, call->request->target.data, passes ? " (observed)" : "",
           sealwire_status_name(status));
    fflush(stdout);
    if (passes)
        return say(call, MHD_HTTP_OK, "- - -\n");
    return say(call, sealwire_status_http(status), status > 0 ? rejected->public_text : "");
}

/* Responds with the identity of the caller and the received body. */
static enum MHD_Result accept_call(const http_call *call, const sealwire_identity *identity)
{
    static const char *const schemes[] = {
        [SEALWIRE_SCHEME_MESSAGE] = "message",
        [SEALWIRE_SCHEME_PAIRWISE] = "pairwise",
        [SEALWIRE_SCHEME_CLIENT] = "client",
    };
    enum { HEAD = 512 };
    const char *user = identity->user_id[0] != '\0' ? identity->user_id : "-";
    char *text = malloc(HEAD + call->body_size);
    if (text == NULL)
        return MHD_NO;
    int head = snprintf(text, HEAD, "%s %s %s\n", identity->sender, schemes[identity->scheme], user);
    if (call->body_size > 0)
        memcpy(text + head, call->body, call->body_size);
    enum MHD_Result queued =
        http_respond(call, MHD_HTTP_OK, "text/plain; charset=utf-8", text, (size_t)head + call->body_size);
    free(text);
    return queued;
}

static enum MHD_Result say(const http_call *call, int status, const char *text)
{
    return http_respond(call, status, "text/plain; charset=utf-8", text, strlen(text));
}

static enum MHD_Result metrics(const ledger *it, const http_call *call)
{
    static char page[1 << 18]; /* one thread handles all requests, so a static buffer is safe */
    size_t length = 0;
    int32_t status =
        sealwire_metrics_text(it->verifier, it->keys, it->modes, sealwire_now_ms(), page, sizeof page, &length);
    return http_respond(call, sealwire_status_http(status), "text/plain; version=0.0.4", page,
                        status == SEALWIRE_STATUS_OK ? length : 0);
}
