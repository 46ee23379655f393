/* Tests the library in programs that call fork. All processes share a mapped replay table, and the table keeps
 * the claims of a killed process. All objects must work in a child process, even if another thread of the
 * parent used them during the fork. */
#define _DEFAULT_SOURCE /* usleep and MAP_ANONYMOUS */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "file.h"
#include "fixture.h"

enum { CHILDREN = 4, REQUESTS = 60, FORKS = 30, PATIENCE_S = 60 };

static fixture requests[REQUESTS];

/* Shared memory where the child processes count the outcomes of each request. The parent reads the counts. */
static struct {
    int accepted[REQUESTS], replayed[REQUESTS], other;
    int done;
} *shared;

static void prepare(fixture *it) {
    char name[128], nonce[32];
    sealwire_error error = {{0}};
    set_up(it);
    sealwire_verifier_free(it->verifier);
    sealwire_replay_table_free(it->table);
    snprintf(name, sizeof name, "%s/replay", folder);
    OK(sealwire_replay_table_map(text(name), sealwire_replay_slots(100, 305), true, &it->table, &error));
    if (error.text[0] != 0) fprintf(stderr, "%s\n", error.text);
    it->verifier = verifier_of(it->ring, it->table);
    for (size_t at = 0; at < REQUESTS; at++) {
        requests[at] = *it;
        snprintf(nonce, sizeof nonce, "fork-%u", (unsigned)at);
        sign(&requests[at], nonce);
    }
}

static int32_t present(const fixture *it, size_t at) {
    return sealwire_verifier_verify(it->verifier, &requests[at].request, BODY, sizeof BODY - 1, NOW, NULL, NULL);
}

static void present_all(const fixture *it) {
    for (size_t at = 0; at < REQUESTS; at++) {
        int32_t status = present(it, at);
        int *count = status == 0 ? &shared->accepted[at] : status == SEALWIRE_REASON_REPLAYED ? &shared->replayed[at] : &shared->other;
        __atomic_fetch_add(count, 1, __ATOMIC_SEQ_CST);
    }
}

/* Runs `run` in a child process. The child is killed by a signal if it hangs. */
static pid_t child(void (*run)(const fixture *), const fixture *it) {
    pid_t pid = fork();
    if (pid != 0) return pid;
    alarm(PATIENCE_S);
    failures = 0;
    run(it);
    _exit(failures == 0 ? 0 : 1);
}

static void expect_exit(pid_t pid) {
    int status = 0;
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Each process uses the verifier and the table that the parent created before the fork. */
static void a_captured_request_passes_once_in_all_processes(const fixture *it) {
    pid_t pids[CHILDREN];
    memset(shared, 0, sizeof *shared);
    for (size_t at = 0; at < CHILDREN; at++) pids[at] = child(present_all, it);
    present_all(it);
    for (size_t at = 0; at < CHILDREN; at++) expect_exit(pids[at]);
    for (size_t at = 0; at < REQUESTS; at++) CHECK(shared->accepted[at] == 1 && shared->replayed[at] == CHILDREN);
    CHECK(shared->other == 0);
}

/* Sends the requests repeatedly, and counts the accepted ones, until the process is killed. */
static void claim_until_killed(const fixture *it) {
    for (size_t at = 0;; at = (at + 1) % REQUESTS) {
        if (present(it, at) == 0) __atomic_fetch_add(&shared->accepted[at], 1, __ATOMIC_SEQ_CST);
        __atomic_store_n(&shared->done, (int)at, __ATOMIC_SEQ_CST);
    }
}

static void a_killed_process_loses_no_claim(const fixture *it) {
    int status = 0;
    memset(shared, 0, sizeof *shared);
    pid_t pid = child(claim_until_killed, it);
    while (__atomic_load_n(&shared->done, __ATOMIC_SEQ_CST) < REQUESTS / 2) usleep(100);
    CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
    int claimed = 0;
    for (size_t at = 0; at < REQUESTS; at++) {
        bool accepted = present(it, at) == 0;
        /* The child may have been killed after it claimed a nonce and before it incremented the counter. The
         * parent may then reject a request that was not counted, but must not accept a request a second time. */
        CHECK(!(accepted && shared->accepted[at] > 0));
        claimed += shared->accepted[at];
        EXPECT(SEALWIRE_REASON_REPLAYED, present(it, at));
    }
    CHECK(claimed >= REQUESTS / 2);
}

/* Maps the same file again, like a process that starts later. */
static void a_later_process_knows_the_claims(const fixture *it) {
    char name[128];
    sealwire_replay_table *table = NULL;
    snprintf(name, sizeof name, "%s/replay", folder);
    OK(sealwire_replay_table_map(text(name), sealwire_replay_slots(100, 305), true, &table, NULL));
    sealwire_verifier *verifier = verifier_of(it->ring, table);
    for (size_t at = 0; at < REQUESTS; at++)
        EXPECT(SEALWIRE_REASON_REPLAYED,
               sealwire_verifier_verify(verifier, &requests[at].request, BODY, sizeof BODY - 1, NOW, NULL, NULL));
    sealwire_verifier_free(verifier);
    sealwire_replay_table_free(table);
}

/* The objects that contain locks and that a program can create before it forks. */
static sealwire_key_file *keys;
static sealwire_mode_file *mode_file;
static sealwire_modes *modes;
static bool stop;

static void *use_locks(void *unused) {
    (void)unused;
    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
        OK(sealwire_key_file_reload(keys, NULL));
        OK(sealwire_mode_file_reload(mode_file, NULL));
        OK(sealwire_modes_set_sender(modes, text("agent"), SEALWIRE_MODE_OBSERVE));
    }
    return NULL;
}

static void use_everything(const fixture *it) {
    static char page[1 << 16];
    char nonce[SEALWIRE_NONCE_SIZE];
    size_t length = 0;
    bool reloaded = false;
    fixture own = *it;
    OK(sealwire_fresh_nonce(nonce, sizeof nonce));
    sign(&own, nonce);
    OK(sealwire_verifier_verify(own.verifier, &own.request, BODY, sizeof BODY - 1, NOW, NULL, NULL));
    OK(sealwire_key_file_reload(keys, NULL));
    OK(sealwire_key_file_reload_if_changed(keys, &reloaded, NULL));
    OK(sealwire_mode_file_reload(mode_file, NULL));
    OK(sealwire_modes_set(modes, SEALWIRE_MODE_OBSERVE));
    OK(sealwire_modes_set_sender(modes, text("agent"), SEALWIRE_MODE_INHERIT));
    OK(sealwire_metrics_text(own.verifier, keys, mode_file, NOW, page, sizeof page, &length));
}

static void a_child_works_whatever_other_threads_held_at_the_fork(const fixture *it) {
    static const char contents[] =
        "[pairs.\"agent/practices\"]\nhmacPrimaryVersion = 1\n"
        "hmacSecrets = [{ version = 1, secret = \"dGhpcnR5LXR3byBieXRlcyBvZiBhIHRlc3Qgc2VjcmU=\" }]\n";
    pthread_t threads[2];
    OK(sealwire_key_file_open(text(put("keys.toml", contents)), NULL, &keys, NULL));
    OK(sealwire_mode_file_open(text(put("modes.toml", "")), &mode_file, NULL));
    OK(sealwire_mode_file_modes(mode_file, &modes));
    for (size_t at = 0; at < 2; at++) CHECK(pthread_create(&threads[at], NULL, use_locks, NULL) == 0);
    for (size_t at = 0; at < FORKS; at++) {
        usleep(1000);
        expect_exit(child(use_everything, it));
    }
    __atomic_store_n(&stop, true, __ATOMIC_RELEASE);
    for (size_t at = 0; at < 2; at++) CHECK(pthread_join(threads[at], NULL) == 0);
    sealwire_key_file_free(keys);
    sealwire_mode_file_free(mode_file);
    sealwire_modes_free(modes);
}

int main(void) {
    fixture it;
    make_folder();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return 2;
    prepare(&it);
    a_captured_request_passes_once_in_all_processes(&it);
    a_later_process_knows_the_claims(&it);
    tear_down(&it);
    remove_folder();
    make_folder();
    prepare(&it);
    a_killed_process_loses_no_claim(&it);
    a_later_process_knows_the_claims(&it);
    /* gcc's AddressSanitizer does not release its own locks in a child process, so the child could hang. */
#ifndef __SANITIZE_ADDRESS__
    a_child_works_whatever_other_threads_held_at_the_fork(&it);
#else
    (void)a_child_works_whatever_other_threads_held_at_the_fork;
#endif
    tear_down(&it);
    remove_folder();
    munmap(shared, sizeof *shared);
    return verdict("forks");
}
