extension ReleasedNoisyCounts.Subject: Codable {
    private enum Kind: String, Codable {
        case flow, table, histogram, confusion
        case scoreSteps = "score-steps"
    }

    private enum CodingKeys: String, CodingKey {
        case kind, boxes, axes, variable, resolution, by, levels, edges, operatingPoint, threshold
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(Kind.self, forKey: .kind) {
        case .flow: self = .flow(boxes: try container.decode([Box].self, forKey: .boxes))
        case .table: self = .table(axes: try container.decode([TableAxis].self, forKey: .axes))
        case .histogram:
            self = .histogram(
                variable: try container.decode(String.self, forKey: .variable),
                resolution: try container.decode(Resolution.self, forKey: .resolution),
                by: try container.decodeIfPresent(String.self, forKey: .by),
                levels: try container.decodeIfPresent([String].self, forKey: .levels) ?? [],
                edges: try container.decode([String].self, forKey: .edges))
        case .confusion:
            self = .confusion(
                operatingPoint: try container.decode(String.self, forKey: .operatingPoint),
                threshold: try container.decode(String.self, forKey: .threshold))
        case .scoreSteps:
            self = .scoreSteps(
                resolution: try container.decode(Resolution.self, forKey: .resolution),
                edges: try container.decode([String].self, forKey: .edges))
        }
        try check()
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .flow(let boxes):
            try container.encode(Kind.flow, forKey: .kind)
            try container.encode(boxes, forKey: .boxes)
        case .table(let axes):
            try container.encode(Kind.table, forKey: .kind)
            try container.encode(axes, forKey: .axes)
        case .histogram(let variable, let resolution, let by, let levels, let edges):
            try container.encode(Kind.histogram, forKey: .kind)
            try container.encode(variable, forKey: .variable)
            try container.encode(resolution, forKey: .resolution)
            try container.encodeIfPresent(by, forKey: .by)
            if by != nil { try container.encode(levels, forKey: .levels) }
            try container.encode(edges, forKey: .edges)
        case .confusion(let operatingPoint, let threshold):
            try container.encode(Kind.confusion, forKey: .kind)
            try container.encode(operatingPoint, forKey: .operatingPoint)
            try container.encode(threshold, forKey: .threshold)
        case .scoreSteps(let resolution, let edges):
            try container.encode(Kind.scoreSteps, forKey: .kind)
            try container.encode(resolution, forKey: .resolution)
            try container.encode(edges, forKey: .edges)
        }
    }
}

extension ReleasedNoisyCounts: Codable {
    private enum CodingKeys: String, CodingKey {
        case casesPerPatient, numbers, noise
        case subject = "of"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        subject = try container.decode(Subject.self, forKey: .subject)
        casesPerPatient = try container.decode(Int.self, forKey: .casesPerPatient)
        numbers = try container.decode([Int64].self, forKey: .numbers)
        noise = try container.decode([Noise].self, forKey: .noise)
        try check()
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(subject, forKey: .subject)
        try container.encode(casesPerPatient, forKey: .casesPerPatient)
        try container.encode(numbers, forKey: .numbers)
        try container.encode(noise, forKey: .noise)
    }
}
