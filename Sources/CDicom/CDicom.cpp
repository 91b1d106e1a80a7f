#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcdict.h>
#include <dcmtk/dcmdata/dcelem.h>
#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dcistrmf.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcsequen.h>
#include <dcmtk/dcmdata/dcspchrs.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmdata/dcxfer.h>
#include <dcmtk/oflog/oflog.h>

#include <sys/stat.h>

#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <unordered_map>

#include "CDicom.h"

struct concordat_dicom_file {
    DcmFileFormat format;
};

namespace {

// Values above this length stay on disk until they are asked for.
constexpr Uint32 longest_value_in_memory = 4096;
constexpr uint64_t mebibyte = 1024 * 1024;

void silence_log() {
    static std::once_flag once;
    std::call_once(once, [] { OFLog::configure(OFLogger::OFF_LOG_LEVEL); });
}

template <typename Body>
int guarded(Body body) {
    try {
        silence_log();
        return body();
    } catch (...) {
        return CONCORDAT_DICOM_INTERNAL;
    }
}

struct TooMuchToParse {};

// DCMTK reads sequences inside sequences by recursion and without a limit, so a small file could overflow the stack.
// It asks its stream for bytes at every level: there the stack is measured. Nor is there a limit on the number of
// elements, and a file of zeros is one element after the other: so what it asks for is counted too.
class GuardedFileStream : public DcmInputFileStream {
  public:
    GuardedFileStream(const char *path, bool may_be_deflated)
        : DcmInputFileStream(path), start_(reinterpret_cast<uintptr_t>(__builtin_frame_address(0))),
          may_be_deflated_(may_be_deflated) {}

    offile_off_t read(void *buffer, offile_off_t length) override {
        measure();
        return DcmInputFileStream::read(buffer, length);
    }

    offile_off_t avail() override {
        measure();
        return DcmInputFileStream::avail();
    }

    OFCondition installCompressionFilter(E_StreamCompression filter) override {
        refused_deflate_ = !may_be_deflated_;
        return may_be_deflated_ ? DcmInputFileStream::installCompressionFilter(filter) : EC_UnsupportedEncoding;
    }

    bool refused_deflate() const { return refused_deflate_; }

  private:
    // A fraction of the smallest stack that threads are given (512 KiB); some eighty levels of sequences.
    static constexpr uintptr_t stack_limit = 128 * 1024;
    // A segmentation of 10,000 frames with a hundred elements each asks for less.
    static constexpr uint64_t call_limit = 20'000'000;

    void measure() {
        calls_ += 1;
        if (calls_ > call_limit) throw TooMuchToParse();
        const uintptr_t here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
        const uintptr_t used = here < start_ ? start_ - here : here - start_;
        if (used > stack_limit) throw TooMuchToParse();
    }

    const uintptr_t start_;
    const bool may_be_deflated_;
    uint64_t calls_ = 0;
    bool refused_deflate_ = false;
};

// PS3.10 section 7.1: 128 bytes for any use, then "DICM".
int check_preamble(const char *path) {
    const std::unique_ptr<FILE, int (*)(FILE *)> file(std::fopen(path, "rbe"), std::fclose);
    if (!file) return CONCORDAT_DICOM_CANNOT_OPEN;
    char bytes[132];
    if (std::fread(bytes, 1, sizeof bytes, file.get()) != sizeof bytes) return CONCORDAT_DICOM_NOT_DICOM;
    return std::memcmp(bytes + 128, "DICM", 4) == 0 ? CONCORDAT_DICOM_OK : CONCORDAT_DICOM_NOT_DICOM;
}

bool is_hexadecimal_tag(const char *keyword) {
    if (std::strlen(keyword) != 8) return false;
    for (const char *c = keyword; *c != '\0'; ++c) {
        if (!std::isxdigit(static_cast<unsigned char>(*c))) return false;
    }
    return true;
}

bool find_tag(const char *keyword, DcmTagKey &key) {
    if (is_hexadecimal_tag(keyword)) {
        const unsigned long value = std::stoul(keyword, nullptr, 16);
        key = DcmTagKey(static_cast<Uint16>(value >> 16), static_cast<Uint16>(value & 0xffff));
        return true;
    }
    // The dictionary is searched from its first entry to its last, so remember what was found.
    static std::mutex lock;
    static std::unordered_map<std::string, DcmTagKey> known;
    const std::lock_guard<std::mutex> guard(lock);
    const auto found = known.find(keyword);
    if (found != known.end()) {
        key = found->second;
        return true;
    }
    DcmTag tag;
    if (DcmTag::findTagFromName(keyword, tag).bad()) return false;
    key = tag.getXTag();
    known.emplace(keyword, key);
    return true;
}

DcmElement *find(DcmItem &item, const DcmTagKey &key, bool into_sequences) {
    DcmStack stack;
    if (item.search(key, stack, ESM_fromHere, into_sequences ? OFTrue : OFFalse).bad()) return nullptr;
    return dynamic_cast<DcmElement *>(stack.top());
}

// The top level first: an attribute of the object counts before one of an object that it refers to.
DcmElement *find(DcmItem &item, const DcmTagKey &key) {
    DcmElement *element = find(item, key, false);
    return element != nullptr ? element : find(item, key, true);
}

bool is_ascii(const OFString &text) {
    for (size_t i = 0; i < text.length(); ++i) {
        if (static_cast<unsigned char>(text[i]) >= 0x80) return false;
    }
    return true;
}

bool convert_to_utf8(DcmItem &dataset, OFString &text) {
    OFString character_set;
    dataset.findAndGetOFStringArray(DCM_SpecificCharacterSet, character_set);
    if (character_set == "ISO_IR 192") return true;  // it is UTF-8; the caller checks that it is valid
    DcmSpecificCharacterSet converter;
    OFString converted;
    if (converter.selectCharacterSet(character_set).bad()) return false;
    if (converter.convertString(text, converted, "\\^=").bad()) return false;
    text = converted;
    return true;
}

bool read_doubles(DcmItem &item, const DcmTagKey &key, double *values, unsigned long count) {
    DcmElement *element = find(item, key);
    if (element == nullptr) return false;
    for (unsigned long i = 0; i < count; ++i) {
        Float64 value = 0;
        if (element->getFloat64(value, i).bad() || !std::isfinite(value)) return false;
        values[i] = value;
    }
    return true;
}

DcmItem *shared_groups(DcmItem &dataset) {
    DcmItem *item = nullptr;
    return dataset.findAndGetSequenceItem(DCM_SharedFunctionalGroupsSequence, item, 0).good() ? item : nullptr;
}

DcmSequenceOfItems *frame_groups(DcmItem &dataset) {
    DcmSequenceOfItems *sequence = nullptr;
    return dataset.findAndGetSequence(DCM_PerFrameFunctionalGroupsSequence, sequence).good() ? sequence : nullptr;
}

// Measures are the same for all frames: in the shared groups, or repeated without a difference. At most 6 values.
int read_measures(DcmItem &dataset, uint32_t frames, const DcmTagKey &key, double *values, unsigned long count) {
    if (DcmItem *shared = shared_groups(dataset)) {
        if (read_doubles(*shared, key, values, count)) return CONCORDAT_DICOM_OK;
    }
    DcmSequenceOfItems *groups = frame_groups(dataset);
    if (groups == nullptr || groups->card() != frames) return CONCORDAT_DICOM_ABSENT;
    for (uint32_t frame = 0; frame < frames; ++frame) {
        double own[6] = {0, 0, 0, 0, 0, 0};
        if (!read_doubles(*groups->getItem(frame), key, own, count)) return CONCORDAT_DICOM_ABSENT;
        if (frame == 0) std::memcpy(values, own, count * sizeof(double));
        if (std::memcmp(values, own, count * sizeof(double)) != 0) return CONCORDAT_DICOM_UNSUPPORTED;
    }
    return CONCORDAT_DICOM_OK;
}

}  // namespace

int concordat_dicom_has_dictionary(void) {
    return guarded([] { return dcmDataDict.isDictionaryLoaded() ? 1 : 0; }) == 1 ? 1 : 0;
}

int concordat_dicom_knows_keyword(const char *keyword) {
    return guarded([&]() -> int {
        DcmTagKey key;
        return find_tag(keyword, key) ? CONCORDAT_DICOM_OK : CONCORDAT_DICOM_UNKNOWN_KEYWORD;
    });
}

int concordat_dicom_open(const char *path, concordat_dicom_file **out) {
    *out = nullptr;
    return guarded([&]() -> int {
        struct stat status;
        if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) return CONCORDAT_DICOM_CANNOT_OPEN;
        if (status.st_size == 0) return CONCORDAT_DICOM_EMPTY;
        const uint64_t size = static_cast<uint64_t>(status.st_size);
        if (size > CONCORDAT_DICOM_MAXIMUM_FILE_MIB * mebibyte) return CONCORDAT_DICOM_TOO_LARGE;

        // DCMTK also reads bare data sets, and then takes any bytes for one: ask for the header first.
        const int header_status = check_preamble(path);
        if (header_status != CONCORDAT_DICOM_OK) return header_status;
        GuardedFileStream stream(path, size <= CONCORDAT_DICOM_MAXIMUM_DEFLATED_FILE_MIB * mebibyte);
        if (stream.status().bad()) return CONCORDAT_DICOM_CANNOT_OPEN;
        std::unique_ptr<concordat_dicom_file> file(new concordat_dicom_file);
        file->format.setReadMode(ERM_fileOnly);
        file->format.transferInit();
        OFCondition loaded = EC_Normal;
        try {
            loaded = file->format.read(stream, EXS_Unknown, EGL_noChange, longest_value_in_memory);
        } catch (const TooMuchToParse &) {
            return CONCORDAT_DICOM_TOO_LARGE;
        }
        file->format.transferEnd();
        if (stream.refused_deflate()) return CONCORDAT_DICOM_TOO_LARGE;
        if (loaded.bad()) return CONCORDAT_DICOM_CORRUPT;
        if (file->format.getDataset()->card() == 0) return CONCORDAT_DICOM_CORRUPT;
        *out = file.release();
        return CONCORDAT_DICOM_OK;
    });
}

void concordat_dicom_close(concordat_dicom_file *file) {
    guarded([&] {
        delete file;
        return CONCORDAT_DICOM_OK;
    });
}

int concordat_dicom_text(
    concordat_dicom_file *file, const char *keyword, char *buffer, size_t capacity, size_t *length) {
    *length = 0;
    return guarded([&]() -> int {
        DcmTagKey key;
        if (!find_tag(keyword, key)) return CONCORDAT_DICOM_UNKNOWN_KEYWORD;
        DcmItem &dataset = *file->format.getDataset();
        DcmElement *element = find(dataset, key);
        if (element == nullptr || element->getLength() == 0) return CONCORDAT_DICOM_ABSENT;
        if (element->getLength() > CONCORDAT_DICOM_MAXIMUM_TEXT) return CONCORDAT_DICOM_TOO_LARGE;
        OFString text;
        if (element->getOFStringArray(text, OFTrue).bad()) return CONCORDAT_DICOM_ABSENT;
        if (!is_ascii(text) && !convert_to_utf8(dataset, text)) return CONCORDAT_DICOM_UNREADABLE_TEXT;
        size_t end = text.length();
        size_t start = 0;
        while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\0')) --end;
        while (start < end && text[start] == ' ') ++start;
        if (start == end) return CONCORDAT_DICOM_ABSENT;
        if (end - start > capacity) return CONCORDAT_DICOM_TOO_LARGE;
        std::memcpy(buffer, text.c_str() + start, end - start);
        *length = end - start;
        return CONCORDAT_DICOM_OK;
    });
}

int concordat_segmentation_read_geometry(concordat_dicom_file *file, concordat_segmentation_geometry *out) {
    return guarded([&]() -> int {
        DcmItem &dataset = *file->format.getDataset();
        OFString sop_class;
        if (dataset.findAndGetOFString(DCM_SOPClassUID, sop_class).bad()) return CONCORDAT_DICOM_NOT_SEGMENTATION;
        if (sop_class != UID_SegmentationStorage) return CONCORDAT_DICOM_NOT_SEGMENTATION;
        OFString type;
        if (dataset.findAndGetOFString(DCM_SegmentationType, type).bad()) return CONCORDAT_DICOM_ABSENT;
        Uint16 bits = 0;
        dataset.findAndGetUint16(DCM_BitsAllocated, bits);
        if (type != "BINARY" || bits != 1) return CONCORDAT_DICOM_UNSUPPORTED;

        Uint16 rows = 0;
        Uint16 columns = 0;
        Sint32 frames = 0;
        if (dataset.findAndGetUint16(DCM_Rows, rows).bad() || dataset.findAndGetUint16(DCM_Columns, columns).bad()
            || dataset.findAndGetSint32(DCM_NumberOfFrames, frames).bad()) {
            return CONCORDAT_DICOM_ABSENT;
        }
        if (rows == 0 || columns == 0 || frames <= 0) return CONCORDAT_DICOM_CORRUPT;
        if (rows > CONCORDAT_DICOM_MAXIMUM_SIDE || columns > CONCORDAT_DICOM_MAXIMUM_SIDE
            || frames > CONCORDAT_DICOM_MAXIMUM_FRAMES) {
            return CONCORDAT_DICOM_TOO_LARGE;
        }
        DcmSequenceOfItems *segments = nullptr;
        if (dataset.findAndGetSequence(DCM_SegmentSequence, segments).bad()) return CONCORDAT_DICOM_ABSENT;

        concordat_segmentation_geometry geometry = {};
        geometry.rows = rows;
        geometry.columns = columns;
        geometry.frames = static_cast<uint32_t>(frames);
        geometry.segments = static_cast<uint32_t>(segments->card());
        double spacing[2] = {0, 0};
        const int status = read_measures(dataset, geometry.frames, DCM_PixelSpacing, spacing, 2);
        if (status != CONCORDAT_DICOM_OK) return status;
        if (spacing[0] <= 0 || spacing[1] <= 0) return CONCORDAT_DICOM_CORRUPT;
        geometry.row_spacing = spacing[0];
        geometry.column_spacing = spacing[1];
        const int oriented =
            read_measures(dataset, geometry.frames, DCM_ImageOrientationPatient, geometry.orientation, 6);
        if (oriented != CONCORDAT_DICOM_OK) return oriented;
        double thickness = 0;
        switch (read_measures(dataset, geometry.frames, DCM_SliceThickness, &thickness, 1)) {
            case CONCORDAT_DICOM_OK:
                geometry.slice_thickness = thickness;
                break;
            case CONCORDAT_DICOM_ABSENT:
                geometry.slice_thickness = std::numeric_limits<double>::quiet_NaN();
                break;
            default:
                return CONCORDAT_DICOM_UNSUPPORTED;
        }
        *out = geometry;
        return CONCORDAT_DICOM_OK;
    });
}

int concordat_segmentation_read_frames(
    concordat_dicom_file *file, uint32_t frames, double *positions, uint16_t *segment_numbers) {
    return guarded([&]() -> int {
        DcmItem &dataset = *file->format.getDataset();
        DcmSequenceOfItems *groups = frame_groups(dataset);
        if (groups == nullptr) return CONCORDAT_DICOM_ABSENT;
        if (groups->card() != frames) return CONCORDAT_DICOM_CORRUPT;
        DcmItem *shared = shared_groups(dataset);
        for (uint32_t frame = 0; frame < frames; ++frame) {
            DcmItem &own = *groups->getItem(frame);
            double *position = positions + 3 * static_cast<size_t>(frame);
            if (!read_doubles(own, DCM_ImagePositionPatient, position, 3)
                && (shared == nullptr || !read_doubles(*shared, DCM_ImagePositionPatient, position, 3))) {
                return CONCORDAT_DICOM_ABSENT;
            }
            DcmElement *number = find(own, DCM_ReferencedSegmentNumber);
            if (number == nullptr && shared != nullptr) number = find(*shared, DCM_ReferencedSegmentNumber);
            Uint16 value = 0;
            if (number == nullptr || number->getUint16(value).bad()) return CONCORDAT_DICOM_ABSENT;
            segment_numbers[frame] = value;
        }
        return CONCORDAT_DICOM_OK;
    });
}

int concordat_segmentation_read_pixels(
    concordat_dicom_file *file, const concordat_segmentation_geometry *geometry, uint8_t *pixels, size_t capacity) {
    return guarded([&]() -> int {
        // At most 2^24 pixels a frame and 10,000 frames: far below 2^64.
        const uint64_t count = static_cast<uint64_t>(geometry->rows) * geometry->columns * geometry->frames;
        if (count > capacity) return CONCORDAT_DICOM_TOO_LARGE;
        DcmDataset &dataset = *file->format.getDataset();
        if (DcmXfer(dataset.getOriginalXfer()).isEncapsulated()) return CONCORDAT_DICOM_UNSUPPORTED;
        DcmElement *element = find(dataset, DCM_PixelData, false);
        if (element == nullptr) return CONCORDAT_DICOM_ABSENT;
        const uint64_t packed = (count + 7) / 8;
        if (element->getLength() < packed) return CONCORDAT_DICOM_CORRUPT;
        Uint8 *bits = nullptr;
        if (element->getUint8Array(bits).bad() || bits == nullptr) return CONCORDAT_DICOM_CORRUPT;
        // PS3.5 section 8.1.1 and annex D: one continuous string of bits, the first pixel in the lowest bit of the
        // first byte; a frame begins wherever the one before it ended.
        for (uint64_t i = 0; i < count; ++i) pixels[i] = (bits[i >> 3] >> (i & 7)) & 1;
        return CONCORDAT_DICOM_OK;
    });
}
