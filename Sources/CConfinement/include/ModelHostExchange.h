// What the agent and the model host say to each other, over three pipes on one machine. Both sides are built together,
// so the structures cross as they lie in memory. The host greets; then its standard input holds one request, the model's
// bytes and the cases, and its standard output, each as soon as it is known, the verdict on the model, one score for
// each case in the order of the cases, and the farewell. The agent trusts none of it.
#ifndef CONCORDAT_MODEL_HOST_EXCHANGE_H
#define CONCORDAT_MODEL_HOST_EXCHANGE_H

#include <stdint.h>

#define CONCORDAT_HOST_MAX_RANK 7
#define CONCORDAT_HOST_MAX_NAME 128

/// Where ONNX Runtime is inside the sandbox.
#define CONCORDAT_HOST_LIBRARY "/libonnxruntime.so"

#define CONCORDAT_HOST_REQUEST 0x31715248544E4F43ULL
/// Said once the host has confined itself, before it gets the model: what goes wrong later is the model's doing.
#define CONCORDAT_HOST_GREETING 0x31695948544E4F43ULL
#define CONCORDAT_HOST_FAREWELL 0x31657942544E4F43ULL

typedef struct {
    uint64_t magic;
    uint64_t model_size;     ///< bytes
    uint64_t case_count;     ///< each of the product of `dimensions` float32 values
    uint64_t rank;
    int64_t dimensions[CONCORDAT_HOST_MAX_RANK];  ///< of one case, without the batch axis
    char input_name[CONCORDAT_HOST_MAX_NAME];     ///< NUL-terminated
    char output_name[CONCORDAT_HOST_MAX_NAME];    ///< NUL-terminated
} concordat_host_request;

typedef struct {
    uint64_t magic;
} concordat_host_mark;

/// How it went with the model (verdict) or with one case. Anything else is an answer that nobody gave.
enum {
    CONCORDAT_HOST_DONE = 0,
    CONCORDAT_HOST_REFUSED = 1,     ///< the model is refused, or the run of this case failed
    CONCORDAT_HOST_WRONG_SHAPE = 2, ///< an input or output is not what was declared
    CONCORDAT_HOST_NO_MEMORY = 3,
};

typedef struct {
    uint32_t status;
} concordat_host_verdict;

typedef struct {
    uint32_t status;
    float score;  ///< meaningful with CONCORDAT_HOST_DONE only
} concordat_host_score;

/// How the host exits when it cannot do its work: the first two before it greets.
enum {
    CONCORDAT_HOST_NO_LIBRARY = 69,
    CONCORDAT_HOST_NOT_CONFINED = 71,
    CONCORDAT_HOST_BAD_REQUEST = 64,
};

#endif
