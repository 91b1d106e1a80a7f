// A small C interface to DCMTK (dcmdata). It is the only place that sees DCMTK's headers.
//
// No C++ exception crosses it, nothing is ever printed (DCMTK's log would show attribute values), and a handle has one
// owner, who closes it. Different handles may be used from different threads at the same time; one handle may not.
#ifndef CONCORDAT_CDICOM_H
#define CONCORDAT_CDICOM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    CONCORDAT_DICOM_OK = 0,
    CONCORDAT_DICOM_CANNOT_OPEN = 1,         // no such file, no permission, not a regular file
    CONCORDAT_DICOM_EMPTY = 2,               // zero bytes
    CONCORDAT_DICOM_NOT_DICOM = 3,           // no DICOM file header (PS3.10 section 7.1)
    CONCORDAT_DICOM_CORRUPT = 4,             // a header, but not a whole data set behind it
    CONCORDAT_DICOM_TOO_LARGE = 5,           // beyond a limit below
    CONCORDAT_DICOM_ABSENT = 6,              // the attribute is not there, or has no value
    CONCORDAT_DICOM_UNKNOWN_KEYWORD = 7,     // the DICOM dictionary has no such attribute
    CONCORDAT_DICOM_NOT_SEGMENTATION = 8,    // another SOP class than Segmentation Storage
    CONCORDAT_DICOM_UNSUPPORTED = 9,         // not BINARY, compressed pixels, spacing that changes between frames
    CONCORDAT_DICOM_UNREADABLE_TEXT = 10,    // the value is not valid in the file's character set
    CONCORDAT_DICOM_INTERNAL = 11,           // out of memory, or an exception inside DCMTK
};

// Limits on what is read.
enum {
    CONCORDAT_DICOM_MAXIMUM_SIDE = 4096,             // rows and columns
    CONCORDAT_DICOM_MAXIMUM_FRAMES = 10000,
    CONCORDAT_DICOM_MAXIMUM_FILE_MIB = 1024,
    CONCORDAT_DICOM_MAXIMUM_DEFLATED_FILE_MIB = 1,   // deflate can expand a thousandfold, and is expanded in memory
    CONCORDAT_DICOM_MAXIMUM_TEXT = 4096,             // bytes of one value
    // Besides: sequences inside sequences, about 80 levels.
};

typedef struct concordat_dicom_file concordat_dicom_file;

// 1 when DCMTK found its data dictionary; without it no attribute can be named by keyword.
int concordat_dicom_has_dictionary(void);

// Checks that `keyword` ("SliceThickness", or eight hexadecimal digits "00180050") names an attribute.
int concordat_dicom_knows_keyword(const char *keyword);

// Parses the whole file, but leaves long values (pixels) on disk: they are skipped, so that a cut file is noticed.
int concordat_dicom_open(const char *path, concordat_dicom_file **out);
void concordat_dicom_close(concordat_dicom_file *file);

// Writes the attribute's value as UTF-8 without padding (several values joined by a backslash) into `buffer`, and its
// length into `length`. The top level is searched first, then sequences, depth first; the first match counts.
int concordat_dicom_text(
    concordat_dicom_file *file, const char *keyword, char *buffer, size_t capacity, size_t *length);

typedef struct {
    uint32_t rows;
    uint32_t columns;
    uint32_t frames;
    uint32_t segments;
    double row_spacing;      // mm between the centres of adjacent rows (PixelSpacing, first value)
    double column_spacing;   // mm between the centres of adjacent columns (PixelSpacing, second value)
    double slice_thickness;  // mm; not a number when absent
    double orientation[6];   // ImageOrientationPatient: direction of a row, then of a column
} concordat_segmentation_geometry;

// Reads the geometry of a BINARY segmentation (PS3.3 A.51, C.8.20).
int concordat_segmentation_read_geometry(concordat_dicom_file *file, concordat_segmentation_geometry *out);

// For each frame ImagePositionPatient (3 doubles, mm) and ReferencedSegmentNumber. The arrays hold `frames` entries.
int concordat_segmentation_read_frames(
    concordat_dicom_file *file, uint32_t frames, double *positions, uint16_t *segment_numbers);

// Unpacks all frames to one byte a pixel (0 or 1), frame after frame, row after row. `capacity` must be at least
// rows * columns * frames.
int concordat_segmentation_read_pixels(
    concordat_dicom_file *file, const concordat_segmentation_geometry *geometry, uint8_t *pixels, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
