internal import StrictJSON
internal import TextCatalogue

/// Whether the endpoints with hypotheses share the chance of a false claim in a stated way.
struct MultiplicityCheck {
    let parts: ProtocolParts
    let faults: FaultList

    func run() {
        let endpoints = parts.endpoints.compactMap { $0 }
        // Half-read lists of endpoints would give faults that are none.
        guard endpoints.count == parts.endpoints.count else { return }
        let primary = endpoints.filter { $0.role == .primary }
        guard let multiplicity = parts.multiplicity else {
            if primary.count > 1, !parts.present.contains("multiplicity") {
                faults.add(.root, .multiplicityRequired, .protocolMultiplicityRequired(primary.map(\.id.rawValue)))
            }
            return
        }
        let pointer = JSONPointer(tokens: ["multiplicity"])
        let names = endpoints.map(\.id.rawValue)
        for (index, id) in multiplicity.family.enumerated() {
            let place = pointer.appending("family").appending(index)
            guard let endpoint = endpoints.first(where: { $0.id == id }) else {
                let nearest = EditDistance.nearest(to: id.rawValue, among: names)
                faults.add(
                    place, .unknownEndpoint,
                    .protocolUnknownEndpoint(id.rawValue, nearest: nearest, declared: names))
                continue
            }
            let position = names.firstIndex(of: id.rawValue) ?? 0
            let hypothesis = JSONPointer(tokens: ["endpoints", String(position), "hypothesis"])
            if endpoint.hypothesis == nil, !faults.contains(within: hypothesis) {
                faults.add(place, .multiplicityFamily, .protocolFamilyWithoutHypothesis(id.rawValue))
            }
        }
        for endpoint in primary where !multiplicity.family.contains(endpoint.id) {
            let phrase = Phrase.protocolPrimaryOutsideFamily(endpoint.id.rawValue)
            faults.add(pointer.appending("family"), .multiplicityFamily, phrase)
        }
        // A shared alpha can only be divided when it is one number.
        let alphas = endpoints.filter { multiplicity.family.contains($0.id) }.compactMap(\.hypothesis?.oneSidedAlpha)
        if multiplicity.rule.dividesAlpha, let first = alphas.first, alphas.contains(where: { $0 != first }) {
            faults.add(
                pointer.appending("rule"), .multiplicityAlpha,
                .protocolMultiplicityAlpha(multiplicity.rule.rawValue))
        }
        if multiplicity.rule == .none, multiplicity.family.count > 1 {
            let others = Multiplicity.Rule.allCases.filter { $0 != .none }.map(\.rawValue)
            faults.add(pointer.appending("rule"), .multiplicityRule, .protocolMultiplicityRule(others))
        }
    }
}
