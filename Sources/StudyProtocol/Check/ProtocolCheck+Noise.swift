internal import StrictJSON
internal import TextCatalogue

extension ProtocolCheck {
    /// What noisy counts can never answer is said to the author, not found out by the sites.
    func checkNoise() {
        guard parts.disclosure?.noise != nil else { return }
        for (index, statistic) in parts.statistics.enumerated() {
            guard case .summary? = statistic?.kind else { continue }
            let place = JSONPointer(tokens: ["statistics"]).appending(index).appending("kind")
            faults.add(place, .noiseSummary, .protocolNoiseSummary)
        }
        if !parts.endpoints.isEmpty {
            faults.add(JSONPointer(tokens: ["endpoints"]), .noiseEndpoint, .protocolNoiseEndpoint)
        }
    }
}
