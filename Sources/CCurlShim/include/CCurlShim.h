// Non-variadic doors to libcurl's variadic calls, one for each type that an option takes, so that Swift can call
// them and a wrong type is a compile error.
#ifndef CONCORDAT_CCURLSHIM_H
#define CONCORDAT_CCURLSHIM_H

#include <curl/curl.h>
#include <stddef.h>

/// Options of type `long`.
CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);
/// Options of type `curl_off_t` (names that end in `_LARGE`).
CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value);
/// Options of type `char *`. libcurl copies the text; NULL restores "unset".
CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value);
/// Options of type `void *` (user data of callbacks, `CURLOPT_COPYPOSTFIELDS`).
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, const void *value);
/// Options of type `struct curl_slist *`. The list must outlive the transfer.
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
/// Options of type `struct curl_blob *`. libcurl copies the bytes.
CURLcode ccurl_set_blob(CURL *handle, CURLoption option, const void *bytes, size_t count);
/// `CURLOPT_WRITEFUNCTION` and `CURLOPT_HEADERFUNCTION`, which share one signature.
CURLcode ccurl_set_data_callback(CURL *handle, CURLoption option,
                                 size_t (*callback)(char *bytes, size_t size, size_t count, void *user));

/// Facts of type `long`.
CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value);

/// Options of type `long` of a multi handle.
CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);

/// What a message of `curl_multi_info_read` says, when it says that a transfer ended; -1 otherwise.
int ccurl_message_result(const CURLMsg *message);
/// The handle that a message is about.
CURL *ccurl_message_handle(const CURLMsg *message);

#endif
