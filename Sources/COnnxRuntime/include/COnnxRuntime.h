// A small, stable face of ONNX Runtime's C API. The shared library is opened at run time: nothing here needs its
// headers, and a program that never calls `concordat_ort_open` needs no library at all.
#ifndef CONCORDAT_ONNX_RUNTIME_H
#define CONCORDAT_ONNX_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONCORDAT_ORT_MAX_RANK 8
#define CONCORDAT_ORT_MAX_NAME 256
#define CONCORDAT_ORT_MAX_MESSAGE 512

/// What a call ended with.
typedef enum {
    CONCORDAT_ORT_OK = 0,
    CONCORDAT_ORT_LIBRARY = 1,  ///< the library cannot be opened or speaks another API
    CONCORDAT_ORT_MODEL = 2,    ///< the model is refused (not ONNX, unsupported, refers to other files)
    CONCORDAT_ORT_SHAPE = 3,    ///< an input or output is not what was declared
    CONCORDAT_ORT_MEMORY = 4,   ///< memory ran out
    CONCORDAT_ORT_RUN = 5,      ///< the run failed
} concordat_ort_status;

/// An opened library with its environment. One owner; freed by `concordat_ort_close`.
typedef struct concordat_ort concordat_ort;
/// A loaded model. One owner; freed by `concordat_ort_session_free` before its library is closed.
typedef struct concordat_ort_session concordat_ort_session;

/// ONNX Runtime's words for what went wrong, cut to fit. For a local log only: a model can choose them.
typedef struct {
    char text[CONCORDAT_ORT_MAX_MESSAGE];
} concordat_ort_message;

/// A declared input or output of a model. A dimension that is not fixed is -1.
typedef struct {
    char name[CONCORDAT_ORT_MAX_NAME];
    bool is_float32_tensor;
    size_t rank;
    int64_t dimensions[CONCORDAT_ORT_MAX_RANK];
} concordat_ort_port;

concordat_ort_status concordat_ort_open(
    const char *library_path, concordat_ort **out, concordat_ort_message *message);
void concordat_ort_close(concordat_ort *runtime);

/// Loads a model from memory. `threads` within one operator; 1 makes the arithmetic's order, and so the result's
/// last bit, the same in every run and starts no thread. The bytes may be freed afterwards.
concordat_ort_status concordat_ort_session_create(
    concordat_ort *runtime, const void *model, size_t size, int threads, concordat_ort_session **out,
    concordat_ort_message *message);
void concordat_ort_session_free(concordat_ort_session *session);

size_t concordat_ort_input_count(const concordat_ort_session *session);
size_t concordat_ort_output_count(const concordat_ort_session *session);
concordat_ort_status concordat_ort_describe_input(
    const concordat_ort_session *session, size_t index, concordat_ort_port *out, concordat_ort_message *message);
concordat_ort_status concordat_ort_describe_output(
    const concordat_ort_session *session, size_t index, concordat_ort_port *out, concordat_ort_message *message);

/// Runs the model on one float32 tensor and copies one float32 output. The output must hold exactly `output_count`
/// values, whatever its shape; anything else is `CONCORDAT_ORT_SHAPE`.
concordat_ort_status concordat_ort_run(
    concordat_ort_session *session, const char *input_name, const int64_t *dimensions, size_t rank,
    const float *input, size_t input_count, const char *output_name, float *output, size_t output_count,
    concordat_ort_message *message);

#endif
