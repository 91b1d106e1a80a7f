// The system calls that confine a model: starting a process with nothing inherited but what is named, and the limits
// and the system-call filter that the model host puts upon itself before it reads the first byte of a model.
#ifndef CONCORDAT_CONFINEMENT_H
#define CONCORDAT_CONFINEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// The unprivileged identity that a sandbox gets when the agent is root ("nobody" of Debian and of the kernel).
#define CONCORDAT_UNPRIVILEGED_ID 65534

/// Makes a pipe that no started process inherits, roomy for speed where the system allows. Returns 0 or an errno.
int concordat_make_pipe(int *read_end, int *write_end);

/// One process to start. Nothing else of the parent reaches it: no environment, no working directory, no signal
/// state, no further descriptor, no supplementary group.
typedef struct {
    const char *path;           ///< absolute path of the executable; no search, no shell
    const char *const *arguments;  ///< NULL-terminated, `arguments[0]` included
    const int *descriptors;     ///< the child's descriptor i is a duplicate of `descriptors[i]`
    size_t descriptor_count;
    bool drops_privileges;      ///< become CONCORDAT_UNPRIVILEGED_ID for good before the executable starts
    uint64_t address_space;     ///< bytes of address space for each process
    uint64_t cpu_seconds;       ///< processor time of each process
} concordat_spawn_request;

/// Starts a process, as the leader of a session and of a process group of its own. Returns 0, or the errno of the step that failed (in the child too). The caller reaps `*process`
/// and closes `*process_descriptor` (a pidfd: poll(2) finds it readable when the process has ended).
/// The calling thread must live as long as the process: "die with parent" means the thread that started it.
int concordat_spawn(const concordat_spawn_request *request, pid_t *process, int *process_descriptor);

/// Kills what is left of the process's group and waits for the process itself. Returns 0 and its exit status (128 +
/// signal when a signal ended it), or an errno. A process that has ended by itself keeps its own status.
int concordat_end(pid_t process, int *exit_status);

/// Puts irrevocable limits on the calling process, beside those of memory and processor time that it was started with:
/// no core file, no file growth, no further process or thread, no gain of privileges. Libraries can still be loaded.
/// Returns 0 or an errno.
int concordat_limit_resources(void);

/// Leaves the calling process only the system calls of arithmetic: memory, time, locks, reading from `input`, writing
/// to `output` and `diagnostics`, exit. Everything else fails with EPERM; what only an attack would call ends the process (SIGSYS).
/// No code can be made: no page becomes executable. Irrevocable. Returns 0 or an errno.
int concordat_confine_calls(int input, int output, int diagnostics);

#endif
