public import StrictJSON

/// What a model package says of itself: `model.json`, form 1.0.
///
/// Decimals stay as they are written (`"0.5"`): they are part of what was signed, and each user scales them exactly.
public struct ModelManifest: Hashable, Sendable {
    public enum Task: String, Sendable, CaseIterable {
        /// One probability in [0, 1] for each case.
        case classification
    }

    /// A named float32 tensor. The shape is that of one case: the batch axis comes before it and is always 1.
    public struct Tensor: Hashable, Sendable {
        public let name: String
        public let shape: [Int]
        /// What the values mean; only outputs have it.
        public let meaning: String?

        /// Number of values in one case.
        public var count: Int { shape.reduce(1, *) }
    }

    /// How a case becomes the model's input. The model's behaviour is defined only for input made in this way.
    public enum Preprocessing: Hashable, Sendable {
        /// The readers' segmentations of one lesion, as the share of readers who marked each pixel of one slice,
        /// resampled and centred on the lesion.
        case segmentationConsensusPatch(SegmentationConsensusPatch)
    }

    public struct SegmentationConsensusPatch: Hashable, Sendable {
        public enum Slice: String, Sendable, CaseIterable {
            /// The slice on which the consensus covers the largest area; of equals the first.
            case largestArea = "largest-area"
        }

        public enum Vote: String, Sendable, CaseIterable {
            /// A pixel belongs to the consensus when at least half of the readers marked it.
            case half
        }

        /// Rows and columns.
        public let size: [Int]
        /// Millimetres between rows and between columns, as decimals.
        public let spacing: [String]
        public let slice: Slice
        public let vote: Vote

        public init(size: [Int], spacing: [String], slice: Slice, vote: Vote) {
            self.size = size
            self.spacing = spacing
            self.slice = slice
            self.vote = vote
        }

        /// Millimetres between rows and between columns.
        public var spacingInMillimetres: [Double] { spacing.compactMap(Double.init) }
    }

    /// A pre-specified threshold: a case is called positive when its score is at or above it.
    public struct OperatingPoint: Hashable, Sendable {
        public let id: String
        /// A decimal in [0, 1].
        public let threshold: String

        public init(id: String, threshold: String) {
            self.id = id
            self.threshold = threshold
        }
    }

    /// A file of the package, in its folder itself.
    public struct File: Hashable, Sendable {
        public let path: String
        /// Bytes.
        public let size: Int
        /// 64 lower-case hexadecimal digits.
        public let sha256: String
    }

    public static let fileName = "model.json"
    public static let modelFileName = "model.onnx"
    /// The greatest manifest that is read.
    public static let greatestSize = 1 << 20

    public let schemaVersion: String
    public let name: String
    public let version: String
    /// Free text by the maker, shown to people at the site only.
    public let intendedUse: JSONValue
    public let task: Task
    /// Sites that gave data for training; none of them can evaluate the model.
    public let trainingSites: [String]
    public let input: Tensor
    public let preprocessing: Preprocessing
    public let output: Tensor
    public let operatingPoints: [OperatingPoint]
    public let files: [File]
}
