#define _GNU_SOURCE
#include "CConfinement.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/// Above any descriptor that a child is given, so that moving one to its place never overwrites another.
#define STAGING_BASE 512

int concordat_make_pipe(int *read_end, int *write_end) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return errno;
    }
    (void)fcntl(ends[1], F_SETPIPE_SZ, 1 << 18);
    *read_end = ends[0];
    *write_end = ends[1];
    return 0;
}

static int limit(int resource, uint64_t value) {
    struct rlimit wanted = {.rlim_cur = value, .rlim_max = value};
    struct rlimit present;
    if (getrlimit(resource, &present) != 0) {
        return errno;
    }
    if (present.rlim_max != RLIM_INFINITY && present.rlim_max < value) {
        wanted.rlim_cur = wanted.rlim_max = present.rlim_max;  // only ever tighten
    }
    return setrlimit(resource, &wanted) == 0 ? 0 : errno;
}

static int drop_privileges(void) {
    // The raw calls: glibc's wrappers signal every thread of a process, and this child has only a copy of one.
    if (syscall(SYS_setgroups, 0, NULL) != 0
        || syscall(SYS_setresgid, CONCORDAT_UNPRIVILEGED_ID, CONCORDAT_UNPRIVILEGED_ID, CONCORDAT_UNPRIVILEGED_ID) != 0
        || syscall(SYS_setresuid, CONCORDAT_UNPRIVILEGED_ID, CONCORDAT_UNPRIVILEGED_ID, CONCORDAT_UNPRIVILEGED_ID)
            != 0) {
        return errno;
    }
    return 0;
}

/// Runs in the child between fork and exec: async-signal-safe calls only. Returns an errno.
static int prepare_and_execute(const concordat_spawn_request *request, const int *staged, pid_t parent) {
    for (int number = 1; number < NSIG; number++) {
        signal(number, SIG_DFL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    // Away from the terminal (Ctrl-C is for the agent, which then ends the sandbox itself) and in a group of its own.
    setsid();
    if (chdir("/") != 0) {
        return errno;
    }
    for (size_t index = 0; index < request->descriptor_count; index++) {
        if (dup2(staged[index], (int)index) < 0) {
            return errno;
        }
    }
    // Everything above the named ones closes at exec; the report's end too, which is how the parent learns of success.
    if (syscall(SYS_close_range, (unsigned)request->descriptor_count, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */) != 0) {
        return errno;
    }
    int error = limit(RLIMIT_CORE, 0);
    if (error == 0) {
        error = limit(RLIMIT_AS, request->address_space);
    }
    if (error == 0) {
        error = limit(RLIMIT_CPU, request->cpu_seconds);
    }
    if (error == 0) {
        error = limit(RLIMIT_NOFILE, 256);
    }
    if (error == 0 && request->drops_privileges) {
        error = drop_privileges();
    }
    if (error != 0) {
        return error;
    }
    // After the change of user, which resets it; the parent may have died before it was set.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
        return errno;
    }
    if (getppid() != parent) {
        return ESRCH;
    }
    static char *const empty_environment[] = {NULL};
    execve(request->path, (char *const *)(uintptr_t)request->arguments, empty_environment);
    return errno;
}

int concordat_spawn(const concordat_spawn_request *request, pid_t *process, int *process_descriptor) {
    if (request->descriptor_count >= STAGING_BASE / 2) {
        return EINVAL;
    }
    int report[2];
    int *staged = calloc(request->descriptor_count + 1, sizeof *staged);
    if (staged == NULL) {
        return ENOMEM;
    }
    int error = 0;
    size_t staged_count = 0;
    if (pipe2(report, O_CLOEXEC) != 0) {
        free(staged);
        return errno;
    }
    int report_end = fcntl(report[1], F_DUPFD_CLOEXEC, STAGING_BASE);
    if (report_end < 0) {
        error = errno;
    }
    while (error == 0 && staged_count < request->descriptor_count) {
        staged[staged_count] = fcntl(request->descriptors[staged_count], F_DUPFD_CLOEXEC, STAGING_BASE);
        if (staged[staged_count] < 0) {
            error = errno;
        } else {
            staged_count += 1;
        }
    }
    pid_t child = -1;
    if (error == 0) {
        // No signal handler of the parent may run in the child before its dispositions are reset.
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        pid_t parent = getpid();
        child = fork();
        if (child == 0) {
            int failure = prepare_and_execute(request, staged, parent);
            ssize_t ignored = write(report_end, &failure, sizeof failure);
            (void)ignored;
            _exit(127);
        }
        error = child < 0 ? errno : 0;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    for (size_t index = 0; index < staged_count; index++) {
        close(staged[index]);
    }
    free(staged);
    close(report[1]);
    if (report_end >= 0) {
        close(report_end);
    }
    if (error == 0) {
        int failure = 0;
        ssize_t received;
        do {
            received = read(report[0], &failure, sizeof failure);
        } while (received < 0 && errno == EINTR);
        if (received == (ssize_t)sizeof failure) {
            int status;
            concordat_end(child, &status);
            error = failure == 0 ? EIO : failure;
        }
    }
    close(report[0]);
    if (error == 0) {
        // The child is not reaped yet, so its number cannot have passed to another process.
        *process_descriptor = (int)syscall(SYS_pidfd_open, child, 0);
        if (*process_descriptor < 0) {
            int status;
            error = errno;
            concordat_end(child, &status);
        }
    }
    if (error == 0) {
        *process = child;
    }
    return error;
}

int concordat_end(pid_t process, int *exit_status) {
    int status = 0;
    // Before waiting: until then the leader, even ended, keeps the group's number from passing to another.
    kill(-process, SIGKILL);
    while (waitpid(process, &status, 0) < 0) {
        if (errno != EINTR) {
            return errno;
        }
    }
    // Orphans of the group are ours only where the agent stands in for init, as in a container.
    int orphan;
    while (waitpid(-process, &orphan, 0) > 0 || errno == EINTR) {
    }
    *exit_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return 0;
}
