public import ArgumentParser
import LocalScoring
public import Scoring

struct ScoreSegmentation: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segmentation",
        abstract: "Overlap and surface distances of one case's masks.",
        discussion: """
            Masks are .npy arrays of bool or integers with the axes z, y, x or y, x. Programs disagree about surface \
            distances, so that the definition's name is beside every distance. Arrays that hold several labels are \
            scored label by label, each named as its class; a label that one array lacks is an empty mask there. Arrays \
            of one label each, whatever its value, are scored as masks of all but 0.
            """)

    @Option(help: "The reference mask.")
    var reference: String
    @Option(help: "The predicted mask.")
    var prediction: String
    @Option(help: "Distances between voxel centres in millimetres along the arrays' axes: Z,Y,X or Y,X.")
    var spacing: String
    @Option(help: "A tolerance of the normalised surface distance in millimetres. May be given several times.")
    var tolerance: [Double] = []
    @Option(help: "surface-area, voxel-border or voxel-border-pooled.")
    var definition: DistanceDefinition = .surfaceArea
    @Option(help: "Percentile of the robust Hausdorff distance.")
    var percentile = 95.0
    @Option(help: "Score this label only; without it every label by itself, or all but 0 where there is only one.")
    var label: Int64?
    @Flag(help: "Add the detection of lesions (connected components).")
    var lesions = false
    @Option(help: "Neighbours of a voxel: 6, 18 or 26; in two dimensions 4 or 8.")
    var connectivity: Int?
    @Option(
        name: .customLong("iou-threshold"),
        help: "Match lesions one to one, greedily, at this overlap or more; without it any overlap detects.")
    var intersectionThreshold: Double?
    @Option(name: .customLong("boundary-width"), help: "Add the boundary IoU with bands of this width in millimetres.")
    var boundaryWidth: Double?
    @Option(help: "Threads; no number depends on it.")
    var threads = 1
    @OptionGroup var output: ScoreOutput

    func validate() throws {
        try ScoreArguments.check(level: 0.95, threads: threads)
        _ = try ScoreArguments.numbers(spacing, option: "--spacing")
        guard tolerance.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
            throw ValidationError("--tolerance is 0 or more millimetres")
        }
        guard (0...100).contains(percentile) else { throw ValidationError("--percentile lies from 0 to 100") }
        guard boundaryWidth.map({ $0 > 0 && $0.isFinite }) ?? true else {
            throw ValidationError("--boundary-width is above 0")
        }
        guard intersectionThreshold.map({ $0 > 0 && $0 <= 1 }) ?? true else {
            throw ValidationError("--iou-threshold lies above 0 and is at most 1")
        }
        if !lesions, connectivity != nil || intersectionThreshold != nil {
            throw ValidationError("--connectivity and --iou-threshold belong to --lesions")
        }
    }

    func run() throws {
        let spacing = try ScoreArguments.numbers(spacing, option: "--spacing")
        var request = SegmentationRequest(
            distances: definition, percentile: percentile, tolerances: tolerance,
            boundaryWidth: boundaryWidth.map { .millimetres($0) })
        if lesions {
            var asked = SegmentationRequest.Lesions()
            if let connectivity {
                guard let known = LesionConnectivity(neighbours: connectivity, isPlanar: spacing.count == 2) else {
                    throw ValidationError(
                        "--connectivity is \(spacing.count == 2 ? "4 or 8" : "6, 18 or 26")")
                }
                asked.connectivity = known
            }
            if let intersectionThreshold { asked.matching = .greedyIoU(threshold: intersectionThreshold) }
            request.lesions = asked
        }
        try output.say(
            SegmentationReport.metrics(
                reference: reference, prediction: prediction, spacing: spacing, label: label, request: request,
                threads: threads),
            definitions: SegmentationReport.definitions)
    }
}

extension DistanceDefinition: ExpressibleByArgument {}
