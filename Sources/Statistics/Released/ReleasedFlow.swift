/// The released flow of cases and patients (STARD 2015, item 19).
public struct ReleasedFlow: Hashable, Sendable {
    /// One box.
    public struct Box: Codable, Hashable, Sendable {
        /// The kinds of box.
        public enum Name: String, Codable, Hashable, Sendable, CaseIterable {
            /// Every case that was looked at: the union of the others.
            case screened
            case excluded
            case missingReference = "missing-reference"
            case failed
            case analysed
        }

        public let box: Name
        /// The exclusion's reason, or the failure's code; nil for the others.
        public let reason: String?
        public let cases: Count
        /// Patients with at least one case in the box; a patient may be in several.
        public let patients: Count

        @_spi(ReleaseGate)
        public init(box: Name, reason: String?, cases: Count, patients: Count) {
            self.box = box
            self.reason = reason
            self.cases = cases
            self.patients = patients
        }
    }

    /// The boxes, `screened` first.
    public let boxes: [Box]

    @_spi(ReleaseGate)
    public init(boxes: [Box]) { self.boxes = boxes }

    /// A box by its name and reason.
    public subscript(name: Box.Name, reason: String? = nil) -> Box? {
        boxes.first { $0.box == name && $0.reason == reason }
    }

    func check() throws(StatisticsError) {
        try ReleasedCheck.require(boxes.count <= ReleasedCheck.listLimit, "too many flow boxes")
        try ReleasedCheck.require(
            Set(boxes.map { [$0.box.rawValue, $0.reason ?? ""] }).count == boxes.count, "a flow box is named twice")
        for box in boxes {
            try ReleasedCheck.label(box.reason)
            try ReleasedCheck.count(box.cases, box.patients)
            try ReleasedCheck.require(
                (box.reason != nil) == (box.box == .excluded || box.box == .failed),
                "excluded and failed boxes have a reason")
            if let cases = box.cases.exact, let patients = box.patients.exact {
                try ReleasedCheck.require(patients <= cases, "no more patients than cases")
            }
        }
    }

    /// The flow of both sites.
    public func merged(with other: ReleasedFlow) throws(StatisticsError) -> ReleasedFlow {
        guard boxes.map(\.box) == other.boxes.map(\.box), boxes.map(\.reason) == other.boxes.map(\.reason) else {
            throw StatisticsError(.shapeMismatch, "different flow boxes")
        }
        let merged = ReleasedFlow(
            boxes: zip(boxes, other.boxes).map { left, right in
                Box(
                    box: left.box, reason: left.reason, cases: left.cases + right.cases,
                    patients: left.patients + right.patients)
            })
        try merged.check()
        return merged
    }
}

extension ReleasedFlow: Codable {
    private enum CodingKeys: String, CodingKey { case boxes }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        boxes = try container.decode([Box].self, forKey: .boxes)
        try check()
    }
}
