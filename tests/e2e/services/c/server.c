/*
 * ledger: verifies requests in all three schemes with Sealwire, served by libmicrohttpd.
 *
 *     server NAME PORT
 *
 * With REPLAY_FILE set it shares that replay table with the other processes of its service, in whatever language they
 * are; else it has one of its own.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"

enum { MAX_HEADERS = 128, MAX_BODY = 65536, REQUESTS_PER_SECOND = 200, WINDOW_SECONDS = 600 };

/* A request while it is being read. */
struct exchange {
    char *target; /* raw: libmicrohttpd decodes the one it hands to handlers */
    bool begun;
    char *body;
    size_t body_size;
};

struct header_lines {
    sealwire_header lines[MAX_HEADERS];
    size_t count;
};

static sealwire_verifier *verifier_of(const char *service);
static sealwire_replay_table *replay_table(void);
static struct MHD_Daemon *serve(uint16_t port, sealwire_verifier *verifier);
static void *begin(void *unused, const char *target, struct MHD_Connection *connection);
static enum MHD_Result handle(void *verifier, struct MHD_Connection *connection, const char *decoded,
                              const char *method, const char *version, const char *data, size_t *data_size,
                              void **state);
static enum MHD_Result take(struct exchange *exchange, const char *data, size_t size);
static enum MHD_Result judge(const sealwire_verifier *verifier, struct MHD_Connection *connection,
                             const char *method, const struct exchange *exchange);
static enum MHD_Result gather(void *lines, enum MHD_ValueKind kind, const char *name, size_t name_size,
                              const char *value, size_t value_size);
static enum MHD_Result accept_call(struct MHD_Connection *connection, const struct exchange *exchange,
                                   const sealwire_identity *identity);
static enum MHD_Result answer(struct MHD_Connection *connection, int status, const char *text, size_t size);
static void end(void *unused, struct MHD_Connection *connection, void **state,
                enum MHD_RequestTerminationCode how);

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: server NAME PORT\n");
        return 2;
    }
    /* Blocked before any thread is made, so that only sigwait below receives them. */
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    sealwire_verifier *verifier = verifier_of(argv[1]);
    struct MHD_Daemon *daemon = serve((uint16_t)atoi(argv[2]), verifier);
    if (daemon == NULL) {
        fprintf(stderr, "port %s: %s\n", argv[2], strerror(errno));
        return 1;
    }
    int received = 0;
    sigwait(&stop, &received);
    MHD_stop_daemon(daemon);
    sealwire_verifier_free(verifier);
    return 0;
}

static sealwire_verifier *verifier_of(const char *service)
{
    static const int32_t accepted[] = {SEALWIRE_SCHEME_MESSAGE, SEALWIRE_SCHEME_PAIRWISE, SEALWIRE_SCHEME_CLIENT};
    sealwire_error error = {.text = ""};
    sealwire_verifier *verifier = NULL;
    sealwire_verifier_builder *builder = NULL;
    sealwire_key_ring *ring = keys_of(service);
    sealwire_replay_table *table = replay_table();
    require(sealwire_verifier_builder_new(sealwire_text_of(service), &builder), "verifier", NULL);
    for (size_t at = 0; at < sizeof accepted / sizeof *accepted; at++)
        require(sealwire_verifier_builder_accept(builder, accepted[at]), "scheme", NULL);
    /* pairwise has no nonce, so its signatures are claimed. */
    require(sealwire_verifier_builder_claim_pairwise(builder, true), "verifier", NULL);
    require(sealwire_verifier_builder_exempt_path(builder, sealwire_text_of("/health")), "verifier", NULL);
    require(sealwire_verifier_builder_build(builder, ring, table, &verifier, &error), "verifier", &error);
    sealwire_verifier_builder_free(builder);
    sealwire_replay_table_free(table);
    sealwire_key_ring_free(ring);
    return verifier;
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

static struct MHD_Daemon *serve(uint16_t port, sealwire_verifier *verifier)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG, port, NULL, NULL, handle, verifier,
                            MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_URI_LOG_CALLBACK, begin, NULL,
                            MHD_OPTION_NOTIFY_COMPLETED, end, NULL, MHD_OPTION_END);
}

/* Called with the target as received; what it returns is the exchange's state. */
static void *begin(void *unused, const char *target, struct MHD_Connection *connection)
{
    (void)unused, (void)connection;
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange != NULL)
        exchange->target = strdup(target);
    return exchange;
}

/* Called with the head, then with each piece of the body, then once more. */
static enum MHD_Result handle(void *verifier, struct MHD_Connection *connection, const char *decoded,
                              const char *method, const char *version, const char *data, size_t *data_size,
                              void **state)
{
    (void)decoded, (void)version;
    struct exchange *exchange = *state;
    if (exchange == NULL || exchange->target == NULL)
        return MHD_NO;
    if (!exchange->begun) {
        exchange->begun = true;
        return MHD_YES;
    }
    if (*data_size > 0) {
        size_t size = *data_size;
        *data_size = 0;
        return take(exchange, data, size);
    }
    return judge(verifier, connection, method, exchange);
}

static enum MHD_Result take(struct exchange *exchange, const char *data, size_t size)
{
    if (size > MAX_BODY - exchange->body_size)
        return MHD_NO; /* hangs up: nothing of this size is for us */
    char *grown = realloc(exchange->body, exchange->body_size + size);
    if (grown == NULL)
        return MHD_NO;
    memcpy(grown + exchange->body_size, data, size);
    exchange->body = grown;
    exchange->body_size += size;
    return MHD_YES;
}

static enum MHD_Result judge(const sealwire_verifier *verifier, struct MHD_Connection *connection,
                             const char *method, const struct exchange *exchange)
{
    struct header_lines headers = {.count = 0};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, gather, &headers);
    const char *authority = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    sealwire_request request = {
        .method = sealwire_text_of(method),
        .target = sealwire_text_of(exchange->target),
        .authority = sealwire_text_of(authority != NULL ? authority : ""),
        .scheme = sealwire_text_of("http"),
        .headers = headers.lines,
        .header_count = headers.count,
    };
    bool exempt = false;
    sealwire_text path = {.data = exchange->target, .length = strcspn(exchange->target, "?")};
    if (sealwire_verifier_is_exempt(verifier, path, &exempt) == 0 && exempt)
        return answer(connection, MHD_HTTP_OK, "ok", strlen("ok"));

    sealwire_identity identity;
    sealwire_rejection rejected;
    int32_t status = sealwire_verifier_verify(verifier, &request, exchange->body, exchange->body_size,
                                              sealwire_now_ms(), &identity, &rejected);
    if (status == 0)
        return accept_call(connection, exchange, &identity);
    printf("%s %s: %s\n", method, exchange->target, sealwire_status_name(status));
    fflush(stdout);
    const char *text = status > 0 ? rejected.public_text : "";
    return answer(connection, sealwire_status_http(status), text, strlen(text));
}

/* Every line goes in, one that is sent twice twice. One too many is one the verifier would refuse as well. */
static enum MHD_Result gather(void *lines, enum MHD_ValueKind kind, const char *name, size_t name_size,
                              const char *value, size_t value_size)
{
    (void)kind;
    struct header_lines *headers = lines;
    if (headers->count == MAX_HEADERS)
        return MHD_NO;
    headers->lines[headers->count++] = (sealwire_header){
        .name = {.data = name, .length = name_size},
        .value = {.data = value != NULL ? value : "", .length = value_size},
    };
    return MHD_YES;
}

/* Says whom it took the caller for, and sends the body back as it arrived. */
static enum MHD_Result accept_call(struct MHD_Connection *connection, const struct exchange *exchange,
                                   const sealwire_identity *identity)
{
    static const char *const schemes[] = {
        [SEALWIRE_SCHEME_MESSAGE] = "message",
        [SEALWIRE_SCHEME_PAIRWISE] = "pairwise",
        [SEALWIRE_SCHEME_CLIENT] = "client",
    };
    char text[MAX_BODY + 512];
    const char *user = identity->user_id[0] != '\0' ? identity->user_id : "-";
    int head = snprintf(text, sizeof text - MAX_BODY, "%s %s %s\n", identity->sender, schemes[identity->scheme], user);
    if (exchange->body_size > 0)
        memcpy(text + head, exchange->body, exchange->body_size);
    return answer(connection, MHD_HTTP_OK, text, (size_t)head + exchange->body_size);
}

static enum MHD_Result answer(struct MHD_Connection *connection, int status, const char *text, size_t size)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(size, (void *)text, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; charset=utf-8");
    enum MHD_Result queued = MHD_queue_response(connection, (unsigned int)status, response);
    MHD_destroy_response(response);
    return queued;
}

static void end(void *unused, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode how)
{
    (void)unused, (void)connection, (void)how;
    struct exchange *exchange = *state;
    if (exchange == NULL)
        return;
    free(exchange->target);
    free(exchange->body);
    free(exchange);
    *state = NULL;
}
