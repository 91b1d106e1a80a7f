internal import CDicom

/// A binary DICOM segmentation (PS3.3 A.51): masks by frame, and where they lie in the patient.
///
/// Limits: 4,096 rows and columns, 10,000 frames, 512 Mi pixels in all.
public struct Segmentation: Sendable {
    /// One frame: a mask of one segment in one plane.
    public struct Frame: Hashable, Sendable {
        /// ImagePositionPatient: the centre of the first pixel, in mm.
        public let position: SIMD3<Double>
        /// ReferencedSegmentNumber.
        public let segment: Int
    }

    public static let maximumPixels = 512 << 20

    public let rows: Int
    public let columns: Int
    /// mm between the centres of adjacent rows.
    public let rowSpacing: Double
    /// mm between the centres of adjacent columns.
    public let columnSpacing: Double
    /// mm; nil when the file does not say.
    public let sliceThickness: Double?
    /// ImageOrientationPatient: the direction of a row, then that of a column; the same for all frames.
    public let orientation: [Double]
    public let frames: [Frame]
    /// One byte a pixel, 0 or 1; frame after frame, row after row.
    public let pixels: [UInt8]

    public init(path: String) throws(ImagingError) {
        try self.init(DICOMFile(path: path))
    }

    public init(_ file: DICOMFile) throws(ImagingError) {
        var geometry = concordat_segmentation_geometry()
        try DICOMFile.check(concordat_segmentation_read_geometry(file.handle, &geometry))
        let count = Int(geometry.rows) * Int(geometry.columns) * Int(geometry.frames)
        guard count <= Self.maximumPixels else { throw ImagingError(.tooLarge) }

        var positions = [Double](repeating: 0, count: 3 * Int(geometry.frames))
        var segments = [UInt16](repeating: 0, count: Int(geometry.frames))
        try DICOMFile.check(
            concordat_segmentation_read_frames(file.handle, geometry.frames, &positions, &segments))
        var bytes = [UInt8](repeating: 0, count: count)
        try DICOMFile.check(concordat_segmentation_read_pixels(file.handle, &geometry, &bytes, count))

        rows = Int(geometry.rows)
        columns = Int(geometry.columns)
        rowSpacing = geometry.row_spacing
        columnSpacing = geometry.column_spacing
        sliceThickness = geometry.slice_thickness.isNaN ? nil : geometry.slice_thickness
        let (row, column) = (geometry.orientation, geometry.orientation)
        orientation = [row.0, row.1, row.2, column.3, column.4, column.5]
        frames = segments.indices.map { index in
            Frame(
                position: SIMD3(positions[3 * index], positions[3 * index + 1], positions[3 * index + 2]),
                segment: Int(segments[index]))
        }
        pixels = bytes
    }

    /// Where the frame's pixels lie in `pixels`.
    public func pixelRange(ofFrame index: Int) -> Range<Int> {
        let size = rows * columns
        return (index * size)..<((index + 1) * size)
    }
}
