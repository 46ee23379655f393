/*
 * The caller `billing`. It signs one request with Sealwire and sends it with libcurl.
 *
 *     caller NAME RECEIVER SCHEME[+SCHEME] METHOD URL USER < BODY
 * Prints the status and the duration in milliseconds on one line, then the response body.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"

enum { MAX_BODY = 65536 };

struct call {
    const char *name, *receiver, *schemes, *method, *url, *user;
    char body[MAX_BODY];
    size_t body_size;
};

static sealwire_signer *signer_of(const struct call *call);
static struct curl_slist *signed_headers(const struct call *call, const sealwire_signer *signer);
static sealwire_request request_of(const struct call *call);
static int send_request(const struct call *call, struct curl_slist *headers);
static size_t keep(char *data, size_t size, size_t count, void *answer);

struct answer {
    char text[MAX_BODY];
    size_t size;
};

int main(int argc, char **argv)
{
    static struct call call;
    if (argc != 7) {
        fprintf(stderr, "usage: caller NAME RECEIVER SCHEME[+SCHEME] METHOD URL USER < BODY\n");
        return 2;
    }
    call.name = argv[1], call.receiver = argv[2], call.schemes = argv[3];
    call.method = argv[4], call.url = argv[5], call.user = argv[6];
    call.body_size = fread(call.body, 1, sizeof call.body, stdin);

    sealwire_signer *signer = signer_of(&call);
    struct curl_slist *headers = signed_headers(&call, signer);
    int failed = send_request(&call, headers);
    curl_slist_free_all(headers);
    sealwire_signer_free(signer);
    return failed;
}

static sealwire_signer *signer_of(const struct call *call)
{
    sealwire_error error = {.text = ""};
    sealwire_signer_builder *builder = NULL;
    sealwire_signer *signer = NULL;
    sealwire_key_ring *ring = keys_of(call->name);
    require(sealwire_signer_builder_new(sealwire_text_of(call->name), &builder), "signer", NULL);
    if (strstr(call->schemes, "message") != NULL)
        require(sealwire_signer_builder_add_scheme(builder, SEALWIRE_SCHEME_MESSAGE), "scheme", NULL);
    if (strstr(call->schemes, "pairwise") != NULL)
        require(sealwire_signer_builder_add_scheme(builder, SEALWIRE_SCHEME_PAIRWISE), "scheme", NULL);
    if (strstr(call->schemes, "client") != NULL)
        require(sealwire_signer_builder_add_scheme(builder, SEALWIRE_SCHEME_CLIENT), "scheme", NULL);
    require(sealwire_signer_builder_build(builder, ring, &signer, &error), "signer", &error);
    sealwire_signer_builder_free(builder);
    sealwire_key_ring_free(ring);
    return signer;
}

/* Returns the headers as a libcurl list, which copies each header. */
static struct curl_slist *signed_headers(const struct call *call, const sealwire_signer *signer)
{
    char nonce[SEALWIRE_NONCE_SIZE];
    char buffer[SEALWIRE_SIGNATURE_SIZE];
    sealwire_header headers[SEALWIRE_SIGNATURE_HEADERS];
    size_t count = 0;
    sealwire_error error = {.text = ""};
    require(sealwire_fresh_nonce(nonce, sizeof nonce), "nonce", NULL);
    sealwire_request request = request_of(call);
    sealwire_signing signing = {
        .receiver = sealwire_text_of(call->receiver),
        .user_id = sealwire_text_of(call->user),
        .nonce = sealwire_text_of(nonce),
        .body = call->body,
        .body_size = call->body_size,
        .now_ms = sealwire_now_ms(),
    };
    require(sealwire_signer_sign(signer, &request, &signing, buffer, sizeof buffer, headers,
                                 SEALWIRE_SIGNATURE_HEADERS, &count, &error),
            "sign", &error);

    struct curl_slist *list = curl_slist_append(NULL, "Expect:"); /* send the body without waiting for 100 Continue */
    for (size_t at = 0; at < count; at++) {
        char line[SEALWIRE_SIGNATURE_SIZE];
        snprintf(line, sizeof line, "%s: %s", headers[at].name.data, headers[at].value.data);
        list = curl_slist_append(list, line);
    }
    return list;
}

/* Splits the URL http://AUTHORITY/TARGET without normalisation. */
static sealwire_request request_of(const struct call *call)
{
    static const char scheme[] = "http://";
    if (strncmp(call->url, scheme, strlen(scheme)) != 0) {
        fprintf(stderr, "%s: only http:// on loopback\n", call->url);
        exit(2);
    }
    const char *authority = call->url + strlen(scheme);
    size_t length = strcspn(authority, "/");
    sealwire_request request = {
        .method = sealwire_text_of(call->method),
        .target = sealwire_text_of(authority + length),
        .authority = {.data = authority, .length = length},
        .scheme = {.data = scheme, .length = strlen("http")},
    };
    return request;
}

static int send_request(const struct call *call, struct curl_slist *headers)
{
    static struct answer answer;
    long status = 0;
    curl_off_t microseconds = 0;
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, call->url);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L); /* send the path as it was signed */
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 20L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (call->body_size > 0) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)call->body_size);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
    if (getenv("CALLER_HTTP2") != NULL)
        curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME_T, &microseconds);
    curl_easy_cleanup(curl);
    if (code != CURLE_OK) {
        fprintf(stderr, "%s: %s\n", call->url, curl_easy_strerror(code));
        return 1;
    }
    printf("%ld %.2f\n%.*s", status, (double)microseconds / 1000.0, (int)answer.size, answer.text);
    return 0;
}

static size_t keep(char *data, size_t size, size_t count, void *kept)
{
    struct answer *answer = kept;
    if (size * count > sizeof answer->text - answer->size)
        return 0; /* libcurl then reports a write error */
    memcpy(answer->text + answer->size, data, size * count);
    answer->size += size * count;
    return size * count;
}
