internal import Evidence
internal import StrictJSON
internal import TextCatalogue

/// What a protocol of good form may still have wrong: parts that contradict each other, or that are not there.
struct ProtocolCheck {
    let parts: ProtocolParts
    let faults: FaultList

    func run(now: Timestamp?) {
        checkSites()
        checkExpiry(now)
        checkEvaluation()
        checkSize()
        checkNoise()
        EndpointCheck(parts: parts, faults: faults).run()
        MultiplicityCheck(parts: parts, faults: faults).run()
    }

    private func checkSites() {
        guard let invited = parts.invitedSites else { return }
        let pointer = JSONPointer(tokens: ["sites", "invited"])
        if invited.isEmpty { faults.add(pointer, .noInvitedSite, .protocolNoInvitedSite) }
        for (index, site) in invited.enumerated() where parts.model?.trainingSites.contains(site) == true {
            faults.add(pointer.appending(index), .trainingSiteInvited, .protocolTrainingSite(site.rawValue))
        }
        for (index, statement) in parts.ethics.enumerated() {
            guard let site = statement?.site, !invited.contains(site) else { continue }
            let place = JSONPointer(tokens: ["ethics"]).appending(index).appending("site")
            faults.add(place, .ethicsSiteNotInvited, .protocolEthicsSite(site.rawValue))
        }
        if let minimum = parts.sampleSize?.minimumSites, minimum > invited.count {
            let phrase = Phrase.protocolMinimumSites(minimum, invited: invited.count)
            faults.add(JSONPointer(tokens: ["sampleSize", "minimumSites"]), .minimumSitesUnreachable, phrase)
        }
    }

    private func checkExpiry(_ now: Timestamp?) {
        guard let now, let expires = parts.expires, expires <= now else { return }
        faults.add(
            JSONPointer(tokens: ["expires"]), .expired, .protocolExpired(expires.description, now: now.description))
    }

    private func checkEvaluation() {
        let pointer = JSONPointer(tokens: ["evaluation"])
        guard parts.present.contains("evaluation") else {
            if parts.present.contains("model") {
                faults.add(JSONPointer(tokens: ["model"]), .evaluationRequired, .protocolModelWithoutEvaluation)
            }
            return
        }
        if !parts.present.contains("model") { faults.add(pointer, .modelRequired, .protocolModelRequired) }
        if !parts.present.contains("referenceStandard") {
            faults.add(pointer, .referenceRequired, .protocolReferenceRequired)
        }
        guard let evaluation = parts.evaluation else { return }
        if let unit = parts.cohort?.unit, unit != .patient, evaluation.cluster == nil {
            faults.add(pointer, .clusterRequired, .protocolClusterRequired(unit.rawValue))
        }
        for (index, subgroup) in evaluation.subgroups.enumerated()
        where subgroup.variable == parts.referenceStandard?.variable {
            faults.add(
                pointer.appending("subgroups").appending(index).appending("variable"), .subgroupByReference,
                .protocolSubgroupByReference(subgroup.variable.rawValue))
        }
    }

    /// Counted without making the plan: a protocol from outside may ask for a very long one.
    private func checkSize() {
        var answers = 1 + parts.statistics.count
        if let evaluation = parts.evaluation {
            let points = evaluation.operatingPoints.count
            let levels = evaluation.subgroups.reduce(0) { $0 + $1.levels.count }
            answers += 2 + points + levels * (1 + points)
        }
        guard answers > ProtocolLimits.answers else { return }
        faults.add(.root, .tooManyAnswers, .protocolTooManyAnswers(answers, limit: ProtocolLimits.answers))
    }
}
