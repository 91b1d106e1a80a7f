internal import StrictJSON
internal import TextCatalogue

extension ValueReader where Value == DisclosureRequest {
    static var disclosure: Self {
        .object { reader in
            let minimum = reader.integer("minimumCell", in: 1...1_000_000)
            let hasNoise = reader.contains("noise")
            let noise = reader.optional("noise", .noise)
            guard let minimum, !hasNoise || noise != nil else { return nil }
            return DisclosureRequest(minimumCell: minimum, noise: noise)
        }
    }
}

extension ValueReader where Value == NoiseRequest {
    static var noise: Self {
        .object { reader in
            let mechanism = reader.required("mechanism", .choice(of: NoiseRequest.Mechanism.self))
            let epsilon = reader.required(
                "epsilon", .decimal(upTo: NoiseRequest.largestEpsilon, else: .noiseEpsilon))
            let hasDelta = reader.contains("delta")
            let delta = reader.optional("delta", .decimal(upTo: NoiseRequest.largestDelta, else: .noiseDelta))
            let cases = reader.integer("casesPerPatient", in: 1...10_000)
            switch mechanism {
            case .discreteGaussian where !hasDelta:
                reader.fault(
                    nil, ProtocolFaultCode.noiseDeltaRequired.rawValue, .protocolNoiseDeltaRequired)
                return nil
            case .discreteLaplace where hasDelta:
                reader.fault(
                    "delta", ProtocolFaultCode.noiseDeltaNotApplicable.rawValue, .protocolNoiseDeltaNotApplicable)
                return nil
            case .discreteGaussian, .discreteLaplace, nil: break
            }
            guard let mechanism, let epsilon, let cases, !hasDelta || delta != nil else { return nil }
            return NoiseRequest(mechanism: mechanism, epsilon: epsilon, delta: delta, casesPerPatient: cases)
        }
    }
}

extension ValueReader where Value == DecimalText {
    /// A decimal above zero and up to a limit.
    fileprivate static func decimal(upTo limit: Double, else code: ProtocolFaultCode) -> Self {
        ValueReader.decimal.then { decimal, pointer, faults in
            // Text of 18 digits at most: the nearest Double is on the same side of a short limit, or equal to it.
            if decimal.isPositive, let value = Double(decimal.text), value <= limit { return decimal }
            faults.add(pointer, code, .protocolNoiseNumber(upTo: limit))
            return nil
        }
    }
}
