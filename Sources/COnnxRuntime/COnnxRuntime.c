#include "COnnxRuntime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// OrtApi is a table of function pointers to which entries are only ever appended (onnxruntime_c_api.h), so a slot's
// number is its address for good. These are the slots in use; all are in the table since API version 1.
enum {
    SLOT_GET_ERROR_MESSAGE = 2,
    SLOT_CREATE_ENV = 3,
    SLOT_CREATE_SESSION_FROM_ARRAY = 8,
    SLOT_RUN = 9,
    SLOT_CREATE_SESSION_OPTIONS = 10,
    SLOT_SET_SESSION_LOG_SEVERITY_LEVEL = 22,
    SLOT_SET_INTRA_OP_NUM_THREADS = 24,
    SLOT_SET_INTER_OP_NUM_THREADS = 25,
    SLOT_SESSION_GET_INPUT_COUNT = 30,
    SLOT_SESSION_GET_OUTPUT_COUNT = 31,
    SLOT_SESSION_GET_INPUT_TYPE_INFO = 33,
    SLOT_SESSION_GET_OUTPUT_TYPE_INFO = 34,
    SLOT_SESSION_GET_INPUT_NAME = 36,
    SLOT_SESSION_GET_OUTPUT_NAME = 37,
    SLOT_CREATE_TENSOR_WITH_DATA = 49,
    SLOT_IS_TENSOR = 50,
    SLOT_GET_TENSOR_MUTABLE_DATA = 51,
    SLOT_CAST_TYPE_INFO_TO_TENSOR_INFO = 55,
    SLOT_GET_TENSOR_ELEMENT_TYPE = 60,
    SLOT_GET_DIMENSIONS_COUNT = 61,
    SLOT_GET_DIMENSIONS = 62,
    SLOT_GET_TENSOR_SHAPE_ELEMENT_COUNT = 64,
    SLOT_GET_TENSOR_TYPE_AND_SHAPE = 65,
    SLOT_CREATE_CPU_MEMORY_INFO = 69,
    SLOT_ALLOCATOR_FREE = 76,
    SLOT_GET_ALLOCATOR_WITH_DEFAULT_OPTIONS = 78,
    SLOT_RELEASE_ENV = 92,
    SLOT_RELEASE_STATUS = 93,
    SLOT_RELEASE_MEMORY_INFO = 94,
    SLOT_RELEASE_SESSION = 95,
    SLOT_RELEASE_VALUE = 96,
    SLOT_RELEASE_TYPE_INFO = 98,
    SLOT_RELEASE_TENSOR_TYPE_AND_SHAPE_INFO = 99,
    SLOT_RELEASE_SESSION_OPTIONS = 100,
};

enum { API_VERSION = 17, LOG_FATAL = 4, ELEMENT_FLOAT = 1, DEVICE_ALLOCATOR = 0, MEMORY_TYPE_DEFAULT = 0 };

typedef void *ort_status;  // NULL is success
typedef struct {
    void *const *(*get_api)(uint32_t version);
    const char *(*get_version_string)(void);
} ort_api_base;

struct concordat_ort {
    void *library;
    void *const *api;
    void *environment;
    void *memory_info;
    void *allocator;
};

struct concordat_ort_session {
    concordat_ort *runtime;
    void *session;
};

// POSIX lets a data pointer hold a function; each use names the slot's type once, beside the call.
#define CALL(api, slot, type) ((type)(api)[slot])

typedef void (*release_function)(void *);
typedef ort_status (*create_function)(void **);
typedef ort_status (*count_function)(const void *, size_t *);
typedef ort_status (*indexed_function)(const void *, size_t, void **);
typedef ort_status (*name_function)(const void *, size_t, void *, char **);
typedef ort_status (*set_int_function)(void *, int);
typedef ort_status (*query_function)(const void *, void **);
typedef ort_status (*query_const_function)(const void *, const void **);

static void say(concordat_ort_message *message, const char *text) {
    if (message != NULL) {
        snprintf(message->text, sizeof message->text, "%s", text == NULL ? "" : text);
    }
}

/// Takes the status over: keeps its words, frees it, and returns `otherwise`, or MEMORY when memory ran out.
static concordat_ort_status failed(
    void *const *api, ort_status status, concordat_ort_status otherwise, concordat_ort_message *message) {
    if (status == NULL) {
        return CONCORDAT_ORT_OK;
    }
    const char *text = CALL(api, SLOT_GET_ERROR_MESSAGE, const char *(*)(const void *))(status);
    say(message, text);
    // The API has no error code for exhausted memory; these are the words of std::bad_alloc and of the arena.
    bool memory = text != NULL
        && (strstr(text, "bad_alloc") != NULL || strstr(text, "bad allocation") != NULL
            || strstr(text, "Failed to allocate memory") != NULL);
    CALL(api, SLOT_RELEASE_STATUS, release_function)(status);
    return memory ? CONCORDAT_ORT_MEMORY : otherwise;
}

concordat_ort_status concordat_ort_open(
    const char *library_path, concordat_ort **out, concordat_ort_message *message) {
    *out = NULL;
    concordat_ort *runtime = calloc(1, sizeof *runtime);
    if (runtime == NULL) {
        return CONCORDAT_ORT_MEMORY;
    }
    concordat_ort_status result = CONCORDAT_ORT_LIBRARY;
    runtime->library = dlopen(library_path, RTLD_NOW | RTLD_LOCAL);
    if (runtime->library == NULL) {
        say(message, dlerror());
        goto fail;
    }
    const ort_api_base *(*get_base)(void) = (const ort_api_base *(*)(void))dlsym(runtime->library, "OrtGetApiBase");
    const ort_api_base *base = get_base == NULL ? NULL : get_base();
    runtime->api = base == NULL ? NULL : base->get_api(API_VERSION);
    if (runtime->api == NULL) {
        say(message, "not an ONNX Runtime library of a known API version");
        goto fail;
    }
    void *const *api = runtime->api;
    ort_status status = CALL(api, SLOT_CREATE_ENV, ort_status(*)(int, const char *, void **))(
        LOG_FATAL, "concordat", &runtime->environment);
    if (status == NULL) {
        status = CALL(api, SLOT_CREATE_CPU_MEMORY_INFO, ort_status(*)(int, int, void **))(
            DEVICE_ALLOCATOR, MEMORY_TYPE_DEFAULT, &runtime->memory_info);
    }
    if (status == NULL) {
        status = CALL(api, SLOT_GET_ALLOCATOR_WITH_DEFAULT_OPTIONS, create_function)(&runtime->allocator);
    }
    if (status != NULL) {
        result = failed(api, status, CONCORDAT_ORT_LIBRARY, message);
        goto fail;
    }
    *out = runtime;
    return CONCORDAT_ORT_OK;
fail:
    concordat_ort_close(runtime);
    return result;
}

void concordat_ort_close(concordat_ort *runtime) {
    if (runtime == NULL) {
        return;
    }
    if (runtime->memory_info != NULL) {
        CALL(runtime->api, SLOT_RELEASE_MEMORY_INFO, release_function)(runtime->memory_info);
    }
    if (runtime->environment != NULL) {
        CALL(runtime->api, SLOT_RELEASE_ENV, release_function)(runtime->environment);
    }
    if (runtime->library != NULL) {
        dlclose(runtime->library);
    }
    free(runtime);
}

concordat_ort_status concordat_ort_session_create(
    concordat_ort *runtime, const void *model, size_t size, int threads, concordat_ort_session **out,
    concordat_ort_message *message) {
    *out = NULL;
    void *const *api = runtime->api;
    concordat_ort_session *session = calloc(1, sizeof *session);
    if (session == NULL) {
        return CONCORDAT_ORT_MEMORY;
    }
    session->runtime = runtime;
    void *options = NULL;
    ort_status status = CALL(api, SLOT_CREATE_SESSION_OPTIONS, create_function)(&options);
    if (status == NULL) {
        status = CALL(api, SLOT_SET_SESSION_LOG_SEVERITY_LEVEL, set_int_function)(options, LOG_FATAL);
    }
    if (status == NULL) {
        status = CALL(api, SLOT_SET_INTRA_OP_NUM_THREADS, set_int_function)(options, threads);
    }
    if (status == NULL) {
        status = CALL(api, SLOT_SET_INTER_OP_NUM_THREADS, set_int_function)(options, 1);
    }
    if (status == NULL) {
        status = CALL(
            api, SLOT_CREATE_SESSION_FROM_ARRAY,
            ort_status(*)(void *, const void *, size_t, const void *, void **))(
            runtime->environment, model, size, options, &session->session);
    }
    if (options != NULL) {
        CALL(api, SLOT_RELEASE_SESSION_OPTIONS, release_function)(options);
    }
    if (status != NULL) {
        concordat_ort_session_free(session);
        return failed(api, status, CONCORDAT_ORT_MODEL, message);
    }
    *out = session;
    return CONCORDAT_ORT_OK;
}

void concordat_ort_session_free(concordat_ort_session *session) {
    if (session == NULL) {
        return;
    }
    if (session->session != NULL) {
        CALL(session->runtime->api, SLOT_RELEASE_SESSION, release_function)(session->session);
    }
    free(session);
}

static size_t count(const concordat_ort_session *session, int slot) {
    size_t value = 0;
    ort_status status = CALL(session->runtime->api, slot, count_function)(session->session, &value);
    return failed(session->runtime->api, status, CONCORDAT_ORT_MODEL, NULL) == CONCORDAT_ORT_OK ? value : 0;
}

size_t concordat_ort_input_count(const concordat_ort_session *session) {
    return count(session, SLOT_SESSION_GET_INPUT_COUNT);
}

size_t concordat_ort_output_count(const concordat_ort_session *session) {
    return count(session, SLOT_SESSION_GET_OUTPUT_COUNT);
}

static concordat_ort_status describe(
    const concordat_ort_session *session, size_t index, int name_slot, int type_slot, concordat_ort_port *out,
    concordat_ort_message *message) {
    memset(out, 0, sizeof *out);
    void *const *api = session->runtime->api;
    char *name = NULL;
    ort_status status =
        CALL(api, name_slot, name_function)(session->session, index, session->runtime->allocator, &name);
    if (status != NULL) {
        return failed(api, status, CONCORDAT_ORT_MODEL, message);
    }
    bool fits = strlen(name) < sizeof out->name;
    snprintf(out->name, sizeof out->name, "%s", name);
    status = CALL(api, SLOT_ALLOCATOR_FREE, ort_status(*)(void *, void *))(session->runtime->allocator, name);
    if (status != NULL) {
        return failed(api, status, CONCORDAT_ORT_MODEL, message);
    }
    if (!fits) {
        say(message, "a name of the model is too long");
        return CONCORDAT_ORT_SHAPE;
    }
    void *info = NULL;
    status = CALL(api, type_slot, indexed_function)(session->session, index, &info);
    const void *tensor = NULL;  // owned by `info`; stays NULL where the value is not a tensor
    int element = 0;
    if (status == NULL) {
        status = CALL(api, SLOT_CAST_TYPE_INFO_TO_TENSOR_INFO, query_const_function)(info, &tensor);
    }
    if (status == NULL && tensor != NULL) {
        status = CALL(api, SLOT_GET_TENSOR_ELEMENT_TYPE, ort_status(*)(const void *, int *))(tensor, &element);
    }
    if (status == NULL && tensor != NULL) {
        status = CALL(api, SLOT_GET_DIMENSIONS_COUNT, count_function)(tensor, &out->rank);
    }
    bool has_known_rank = out->rank <= CONCORDAT_ORT_MAX_RANK;
    if (status == NULL && tensor != NULL && has_known_rank) {
        status = CALL(api, SLOT_GET_DIMENSIONS, ort_status(*)(const void *, int64_t *, size_t))(
            tensor, out->dimensions, out->rank);
    }
    if (info != NULL) {
        CALL(api, SLOT_RELEASE_TYPE_INFO, release_function)(info);
    }
    if (status != NULL) {
        return failed(api, status, CONCORDAT_ORT_MODEL, message);
    }
    if (!has_known_rank) {
        say(message, "a tensor of the model has too many dimensions");
        return CONCORDAT_ORT_SHAPE;
    }
    out->is_float32_tensor = tensor != NULL && element == ELEMENT_FLOAT;
    return CONCORDAT_ORT_OK;
}

concordat_ort_status concordat_ort_describe_input(
    const concordat_ort_session *session, size_t index, concordat_ort_port *out, concordat_ort_message *message) {
    return describe(session, index, SLOT_SESSION_GET_INPUT_NAME, SLOT_SESSION_GET_INPUT_TYPE_INFO, out, message);
}

concordat_ort_status concordat_ort_describe_output(
    const concordat_ort_session *session, size_t index, concordat_ort_port *out, concordat_ort_message *message) {
    return describe(session, index, SLOT_SESSION_GET_OUTPUT_NAME, SLOT_SESSION_GET_OUTPUT_TYPE_INFO, out, message);
}

static concordat_ort_status copy_output(
    void *const *api, void *value, float *output, size_t output_count, concordat_ort_message *message) {
    int is_tensor = 0;
    ort_status status = CALL(api, SLOT_IS_TENSOR, ort_status(*)(const void *, int *))(value, &is_tensor);
    if (status != NULL) {
        return failed(api, status, CONCORDAT_ORT_RUN, message);
    }
    if (!is_tensor) {
        say(message, "the output is not a tensor");
        return CONCORDAT_ORT_SHAPE;
    }
    void *shape = NULL;
    status = CALL(api, SLOT_GET_TENSOR_TYPE_AND_SHAPE, query_function)(value, &shape);
    int element = 0;
    size_t elements = 0;
    if (status == NULL) {
        status = CALL(api, SLOT_GET_TENSOR_ELEMENT_TYPE, ort_status(*)(const void *, int *))(shape, &element);
    }
    if (status == NULL) {
        status = CALL(api, SLOT_GET_TENSOR_SHAPE_ELEMENT_COUNT, count_function)(shape, &elements);
    }
    if (shape != NULL) {
        CALL(api, SLOT_RELEASE_TENSOR_TYPE_AND_SHAPE_INFO, release_function)(shape);
    }
    if (status != NULL) {
        return failed(api, status, CONCORDAT_ORT_RUN, message);
    }
    if (element != ELEMENT_FLOAT || elements != output_count) {
        say(message, "the output is not of the declared type and size");
        return CONCORDAT_ORT_SHAPE;
    }
    void *data = NULL;
    status = CALL(api, SLOT_GET_TENSOR_MUTABLE_DATA, ort_status(*)(void *, void **))(value, &data);
    if (status != NULL) {
        return failed(api, status, CONCORDAT_ORT_RUN, message);
    }
    memcpy(output, data, output_count * sizeof *output);
    return CONCORDAT_ORT_OK;
}

concordat_ort_status concordat_ort_run(
    concordat_ort_session *session, const char *input_name, const int64_t *dimensions, size_t rank,
    const float *input, size_t input_count, const char *output_name, float *output, size_t output_count,
    concordat_ort_message *message) {
    void *const *api = session->runtime->api;
    void *value = NULL;
    // The tensor only borrows the buffer and an input is never written to, so dropping `const` is sound.
    ort_status status = CALL(
        api, SLOT_CREATE_TENSOR_WITH_DATA,
        ort_status(*)(const void *, void *, size_t, const int64_t *, size_t, int, void **))(
        session->runtime->memory_info, (void *)(uintptr_t)input, input_count * sizeof *input, dimensions, rank,
        ELEMENT_FLOAT, &value);
    if (status != NULL) {
        return failed(api, status, CONCORDAT_ORT_SHAPE, message);
    }
    void *result = NULL;
    const void *values[1] = {value};
    const char *input_names[1] = {input_name};
    const char *output_names[1] = {output_name};
    status = CALL(
        api, SLOT_RUN,
        ort_status(*)(
            void *, const void *, const char *const *, const void *const *, size_t, const char *const *, size_t,
            void **))(session->session, NULL, input_names, values, 1, output_names, 1, &result);
    concordat_ort_status outcome = status != NULL
        ? failed(api, status, CONCORDAT_ORT_RUN, message)
        : copy_output(api, result, output, output_count, message);
    if (result != NULL) {
        CALL(api, SLOT_RELEASE_VALUE, release_function)(result);
    }
    CALL(api, SLOT_RELEASE_VALUE, release_function)(value);
    return outcome;
}
