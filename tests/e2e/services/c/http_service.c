#include "http_service.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_HEADERS = SEALWIRE_MAX_HEADERS + 1, MAX_BODY = 1 << 20, LOOK_EVERY_NS = 200000000 };

/* A request that is being received. */
struct exchange {
    char *target; /* as received; libmicrohttpd passes only a decoded path to handlers */
    bool begun;
    char *body;
    size_t body_size;
};

struct header_lines {
    sealwire_header lines[MAX_HEADERS];
    size_t count;
};

static void *begin(void *unused, const char *target, struct MHD_Connection *connection);
static enum MHD_Result handle(void *service, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *data, size_t *data_size, void **state);
static enum MHD_Result take(struct exchange *exchange, const char *data, size_t size);
static enum MHD_Result gather(void *lines, enum MHD_ValueKind kind, const char *name, size_t name_size,
                              const char *value, size_t value_size);
static void end(void *unused, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode how);
static sigset_t awaited(void);

void http_block_signals(void)
{
    sigset_t signals = awaited();
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

int http_serve(uint16_t port, const http_service *service, void (*look)(void *context, bool is_asked))
{
    const struct timespec look_every = {.tv_nsec = LOOK_EVERY_NS};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sigset_t signals = awaited();
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG, port, NULL, NULL, handle, (void *)(uintptr_t)service,
        MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_URI_LOG_CALLBACK, begin, NULL, MHD_OPTION_NOTIFY_COMPLETED, end, NULL,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)1 << 18, MHD_OPTION_END);
    if (daemon == NULL) {
        fprintf(stderr, "port %u: %s\n", (unsigned)port, strerror(errno));
        return 1;
    }
    for (;;) {
        int received = sigtimedwait(&signals, NULL, &look_every);
        if (received == SIGTERM || received == SIGINT)
            break;
        if (look != NULL)
            look(service->context, received == SIGHUP);
    }
    MHD_stop_daemon(daemon);
    return 0;
}

enum MHD_Result http_respond(const http_call *call, int status, const char *type, const char *text, size_t size)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(size, (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    enum MHD_Result queued = MHD_queue_response(call->connection, (unsigned int)status, response);
    MHD_destroy_response(response);
    return queued;
}

static sigset_t awaited(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    return signals;
}

/* libmicrohttpd passes the target as received to this function, which returns the state of the request. */
static void *begin(void *unused, const char *target, struct MHD_Connection *connection)
{
    (void)unused, (void)connection;
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange != NULL)
        exchange->target = strdup(target);
    return exchange;
}

/* libmicrohttpd calls this function once for the head, once for each part of the body, and once at the
 * end. */
static enum MHD_Result handle(void *service, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *data, size_t *data_size, void **state)
{
    (void)version;
    const http_service *it = service;
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
    struct header_lines headers = {.count = 0};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, gather, &headers);
    sealwire_request request = {
        .method = sealwire_text_of(method),
        .target = sealwire_text_of(exchange->target),
        .authority = sealwire_text_of(""), /* the library then uses the Host header */
        .scheme = sealwire_text_of("http"),
        .headers = headers.lines,
        .header_count = headers.count,
    };
    http_call call = {&request, path, exchange->body, exchange->body_size, connection};
    return it->handle(it->context, &call);
}

static enum MHD_Result take(struct exchange *exchange, const char *data, size_t size)
{
    if (size > MAX_BODY - exchange->body_size)
        return MHD_NO; /* closes the connection */
    char *grown = realloc(exchange->body, exchange->body_size + size);
    if (grown == NULL)
        return MHD_NO;
    memcpy(grown + exchange->body_size, data, size);
    exchange->body = grown;
    exchange->body_size += size;
    return MHD_YES;
}

/* Adds a header line, even if the name repeats. The list has space for one header more than a verifier
 * accepts, so the verifier rejects a full list. */
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
