/* Functions that send signed requests with libcurl. Copy this file into your program.
 *
 * Every attempt needs a new signature, so call `signed_send` again for a retry. Redirects within the origin are signed
 * again. A redirect to another origin is not followed, because that server would receive the signature and the body. */
#ifndef SIGNED_CURL_H
#define SIGNED_CURL_H

#include <curl/curl.h>
#include <sealwire.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    const sealwire_signer *signer;
    const char *receiver; /* the name of the service that receives the requests */
    const char *user_id;  /* NULL if there is no user */
    long http_version;    /* CURL_HTTP_VERSION_NONE selects the default of libcurl */
} signed_client;

/* The signature covers the body, so the body must be complete. Multipart forms and read callbacks of libcurl are not supported. */
typedef struct {
    const char *method, *url, *content_type;
    const void *body;
    size_t body_size;
} signed_request;

typedef struct {
    long http_status;
    long http_version;
    char *body; /* ends with a NUL; the caller must free it */
    size_t body_size;
} signed_response;

typedef enum { SIGNED_SENT, SIGNED_REFUSED, SIGNED_FAILED } signed_result;

static size_t signed_take(char *piece, size_t unit, size_t count, void *into) {
    signed_response *response = into;
    char *grown = realloc(response->body, response->body_size + count * unit + 1);
    if (grown == NULL) return 0;
    memcpy(grown + response->body_size, piece, count * unit);
    response->body = grown;
    response->body_size += count * unit;
    grown[response->body_size] = 0;
    return count * unit;
}

/* Returns the headers of a new signature in the format of libcurl, or NULL if the request cannot be signed. */
static struct curl_slist *signed_headers(const signed_client *client, const signed_request *sent, const sealwire_url *url,
                                         sealwire_error *error) {
    char buffer[SEALWIRE_SIGNATURE_SIZE], nonce[SEALWIRE_NONCE_SIZE], line[SEALWIRE_SIGNATURE_SIZE];
    sealwire_header headers[SEALWIRE_SIGNATURE_HEADERS];
    size_t count = 0;
    sealwire_request request = {sealwire_text_of(sent->method), url->target, url->authority, url->scheme, NULL, 0};
    sealwire_signing signing = {sealwire_text_of(client->receiver), sealwire_text_of(client->user_id),
                                sealwire_text_of(NULL), sent->body, sent->body_size, sealwire_now_ms()};
    if (sealwire_fresh_nonce(nonce, sizeof nonce) != SEALWIRE_STATUS_OK) return NULL;
    signing.nonce = sealwire_text_of(nonce);
    if (sealwire_signer_sign(client->signer, &request, &signing, buffer, sizeof buffer, headers, SEALWIRE_SIGNATURE_HEADERS,
                             &count, error) != SEALWIRE_STATUS_OK)
        return NULL;
    snprintf(line, sizeof line, "Content-Type:%s%s", sent->content_type != NULL ? " " : "",
             sent->content_type != NULL ? sent->content_type : ""); /* an empty header prevents libcurl from adding a default type */
    struct curl_slist *lines = curl_slist_append(NULL, line);
    for (size_t at = 0; at < count; at++) {
        snprintf(line, sizeof line, "%s: %s", headers[at].name.data, headers[at].value.data);
        lines = curl_slist_append(lines, line);
    }
    return lines;
}

/* Sends one request and receives its response, without following redirects. */
static signed_result signed_attempt(const signed_client *client, const signed_request *sent, const sealwire_url *url, CURL *curl,
                                    signed_response *response, sealwire_error *error) {
    struct curl_slist *headers = signed_headers(client, sent, url, error);
    if (headers == NULL) return SIGNED_REFUSED;
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, url->url.data); /* the normalized URL, because it was signed */
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L); /* libcurl would send the same signature to the target of the redirect */
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, client->http_version);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (sent->body_size > 0) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)sent->body_size);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, sent->body);
    }
    if (strcmp(sent->method, "HEAD") == 0) curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, sent->method);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, signed_take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, response);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &response->http_status);
    curl_easy_getinfo(curl, CURLINFO_HTTP_VERSION, &response->http_version);
    curl_slist_free_all(headers);
    if (code == CURLE_OK) return SIGNED_SENT;
    snprintf(error->text, sizeof error->text, "%s", curl_easy_strerror(code));
    return SIGNED_FAILED;
}

/* Splits a URL into its parts. The caller must free the memory at `url->url.data`. */
static bool signed_split(const char *text, sealwire_url *url, sealwire_error *error) {
    size_t size = SEALWIRE_URL_SIZE(strlen(text));
    char *buffer = malloc(size);
    if (buffer != NULL && sealwire_url_split(sealwire_text_of(text), buffer, size, url, error) == SEALWIRE_STATUS_OK) return true;
    free(buffer);
    return false;
}

static bool signed_same_origin(const sealwire_url *one, const sealwire_url *other) {
    return strcmp(one->scheme.data, other->scheme.data) == 0 && strcmp(one->authority.data, other->authority.data) == 0;
}

/* Changes the request to GET without a body after status 303, and after status 301 or 302 if the method is POST. */
static void signed_follow(signed_request *sent, long http_status) {
    bool is_post = strcmp(sent->method, "POST") == 0, is_head = strcmp(sent->method, "HEAD") == 0;
    if ((http_status != 303 || is_head) && !(is_post && http_status < 303)) return;
    sent->method = "GET";
    sent->body = sent->content_type = NULL;
    sent->body_size = 0;
}

/* Sends a request and follows redirects within its origin. `error` contains the cause unless the result is
 * SIGNED_SENT. */
static signed_result signed_send(const signed_client *client, const signed_request *request, signed_response *response,
                                 sealwire_error *error) {
    enum { MAX_REDIRECTS = 10 };
    signed_request sent = *request;
    sealwire_url url, next;
    CURL *curl = curl_easy_init();
    signed_result result = SIGNED_FAILED;
    memset(response, 0, sizeof *response);
    memset(error, 0, sizeof *error);
    if (curl == NULL || !signed_split(sent.url, &url, error)) {
        curl_easy_cleanup(curl);
        return curl == NULL ? SIGNED_FAILED : SIGNED_REFUSED;
    }
    for (int hops = 0;; hops++) {
        const char *location = NULL;
        response->body_size = 0;
        result = signed_attempt(client, &sent, &url, curl, response, error);
        curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &location);
        if (result != SIGNED_SENT || location == NULL) break;
        result = SIGNED_REFUSED;
        if (!signed_split(location, &next, error)) break;
        bool stays = hops < MAX_REDIRECTS && signed_same_origin(&url, &next);
        if (!stays)
            snprintf(error->text, sizeof error->text, "the redirect from %.200s to %.200s is not followed: %s", url.authority.data,
                     next.authority.data, hops < MAX_REDIRECTS ? "it leads to another origin" : "there were ten before");
        free((void *)(uintptr_t)url.url.data);
        url = next;
        if (!stays) break;
        signed_follow(&sent, response->http_status);
    }
    free((void *)(uintptr_t)url.url.data);
    curl_easy_cleanup(curl);
    return result;
}

#endif
