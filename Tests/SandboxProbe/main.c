// Hostile code: tries one attack and says on standard output whether it succeeded. The tests run it inside the sandbox,
// where every attack must fail, and outside, where the same attack succeeds.
//
//     sandbox-probe ATTACK STAGE [ARGUMENT]
//
// STAGE is how far the process confines itself first, as the model host does: bare, limited, confined.
#define _GNU_SOURCE
#include "CConfinement.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sched.h>
#include <unistd.h>

extern char **environ;

static int read_file(const char *path) {
    char byte;
    int file = open(path, O_RDONLY);
    return file >= 0 && read(file, &byte, 1) == 1 ? 0 : -1;
}

static int write_file(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT, 0600);
    return file >= 0 && write(file, "x", 1) == 1 ? 0 : -1;
}

static int connect_loopback(const char *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    return client < 0 ? -1 : connect(client, (struct sockaddr *)&address, sizeof address);
}

static int connect_abstract(const char *name) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s", name);
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));
    return client < 0 ? -1 : connect(client, (struct sockaddr *)&address, length);
}

static int open_socket(const char *unused) {
    (void)unused;
    return socket(AF_UNIX, SOCK_DGRAM, 0) < 0 ? -1 : 0;
}

static int start_process(const char *unused) {
    (void)unused;
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    return child < 0 ? -1 : waitpid(child, NULL, 0) == child ? 0 : -1;
}

static void *nothing(void *unused) { return unused; }

static int start_thread(const char *unused) {
    (void)unused;
    pthread_t thread;
    int error = pthread_create(&thread, NULL, nothing, NULL);
    errno = error;
    return error == 0 ? pthread_join(thread, NULL) : -1;
}

/// Starts this program anew; the new one says "succeeded".
static int execute(const char *path) { return execl(path, path, "nothing", "bare", (char *)NULL); }

static int fill_memory_file(const char *unused) {
    (void)unused;
    static char block[1 << 16];
    int file = memfd_create("fill", 0);
    return file >= 0 && write(file, block, sizeof block) > 0 ? 0 : -1;
}

static int share_memory(const char *unused) {
    (void)unused;
    int segment = shmget(IPC_PRIVATE, 1 << 20, IPC_CREAT | 0600);
    return segment < 0 ? -1 : shmctl(segment, IPC_RMID, NULL);
}

static int allocate(const char *mebibytes) {
    size_t size = (size_t)atol(mebibytes) << 20;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? -1 : 0;
}

static int make_code(const char *unused) {
    (void)unused;
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? -1 : 0;
}

static int turn_data_into_code(const char *unused) {
    (void)unused;
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? -1 : mprotect(memory, 4096, PROT_READ | PROT_EXEC);
}

static int signal_process(const char *identifier) { return kill((pid_t)atol(identifier), 0); }

static int trace(const char *identifier) {
    return ptrace(PTRACE_SEIZE, (pid_t)atol(identifier), NULL, NULL) == 0 ? 0 : -1;
}

static int make_namespace(const char *unused) {
    (void)unused;
    return unshare(CLONE_NEWUSER);
}

static int see_environment(const char *unused) {
    (void)unused;
    for (char **variable = environ; variable != NULL && *variable != NULL; variable++) {
        // Bubblewrap's own word of where it starts a program, which says nothing of the site.
        if (strcmp(*variable, "PWD=/") != 0) {
            return 0;
        }
    }
    return -1;
}

static int find_descriptor(const char *unused) {
    (void)unused;
    for (int descriptor = 3; descriptor < 4096; descriptor++) {
        if (fcntl(descriptor, F_GETFD) >= 0) {
            return 0;
        }
    }
    return -1;
}

static int open_descriptor(const char *unused) {
    (void)unused;
    return dup(0) < 0 ? -1 : 0;
}

static int flood(const char *unused) {
    (void)unused;
    static char block[1 << 16];
    while (write(STDOUT_FILENO, block, sizeof block) > 0) {
    }
    return -1;
}

static int spin(const char *unused) {
    (void)unused;
    if (write(STDOUT_FILENO, "spinning\n", 9) < 0) {
        return -1;
    }
    for (volatile unsigned long count = 0;; count++) {
    }
}

static int do_nothing(const char *unused) {
    (void)unused;
    return 0;
}

static const struct {
    const char *name;
    int (*run)(const char *);
} attacks[] = {
    {"read-file", read_file}, {"write-file", write_file}, {"connect-loopback", connect_loopback},
    {"connect-abstract", connect_abstract}, {"open-socket", open_socket}, {"start-process", start_process},
    {"start-thread", start_thread}, {"execute", execute}, {"fill-memory-file", fill_memory_file},
    {"share-memory", share_memory}, {"allocate", allocate}, {"make-code", make_code},
    {"turn-data-into-code", turn_data_into_code}, {"signal-process", signal_process}, {"trace", trace},
    {"make-namespace", make_namespace}, {"see-environment", see_environment}, {"find-descriptor", find_descriptor},
    {"open-descriptor", open_descriptor}, {"flood", flood}, {"spin", spin}, {"nothing", do_nothing},
};

int main(int count, char **arguments) {
    if (count < 3) {
        return 64;
    }
    bool is_confined = strcmp(arguments[2], "confined") == 0;
    if ((is_confined || strcmp(arguments[2], "limited") == 0) && concordat_limit_resources() != 0) {
        return 71;
    }
    if (is_confined && concordat_confine_calls(STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO) != 0) {
        return 71;
    }
    for (size_t index = 0; index < sizeof attacks / sizeof attacks[0]; index++) {
        if (strcmp(attacks[index].name, arguments[1]) == 0) {
            errno = 0;
            int result = attacks[index].run(count > 3 ? arguments[3] : "");
            const char *answer = result == 0 ? "succeeded\n" : "failed\n";
            // write(2): the C library's buffered output would ask for calls that a confined process has given up.
            return write(STDOUT_FILENO, answer, strlen(answer)) < 0;
        }
    }
    return 64;
}
