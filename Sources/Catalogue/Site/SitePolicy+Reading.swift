import StrictJSON
import StudyProtocol
import TextCatalogue

extension ValueReader where Value == SitePolicy {
    static var sitePolicy: Self {
        .object { reader in
            var policy = SitePolicy()
            let count = reader.optional("minimumCount", .wholeNumber(in: 1...1_000_000))
            policy.disclosure = reader.optional("disclosure", .disclosureSettings) ?? DisclosureSettings()
            if let count {
                if policy.disclosure.minimumCount != nil {
                    reader.fault(
                        "minimumCount", "site-said-twice",
                        .siteSaidTwice("policy.minimumCount", "policy.disclosure.minimumCount"))
                } else if policy.disclosure.isProfileWritten, count < policy.disclosure.profile.minimumCount {
                    // Written before there were profiles, it would loosen the one that is asked for now.
                    reader.fault(
                        "minimumCount", "site-looser-than-profile",
                        .siteLooserThanProfile(
                            count, profile: policy.disclosure.profile.rawValue,
                            minimum: policy.disclosure.profile.minimumCount))
                }
                policy.disclosure.minimumCount = count
            }
            let purposes = ValueReader<[Purpose]>.array(of: .choice(of: Purpose.self), count: 0...100)
            policy.purposes = (reader.optional("purposes", purposes) ?? []).map(\.rawValue)
            policy.trustedSponsors = reader.optional("trustedSponsors", .array(of: .path, count: 0...100)) ?? []
            let approvals = reader.optionalObject("approvals") { reader in
                let jobs = reader.optional("jobs", .choice(of: SitePolicy.Approval.self))
                let releases = reader.optional("releases", .choice(of: SitePolicy.Approval.self))
                return [jobs, releases]
            }
            policy.jobApproval = approvals?[0] ?? .manual
            policy.releaseApproval = approvals?[1] ?? .manual
            policy.modelLimits = reader.optional("modelLimits", .modelLimits) ?? SitePolicy.ModelLimits()
            return policy
        }
    }
}

extension ValueReader where Value == SitePolicy.ModelLimits {
    fileprivate static var modelLimits: Self {
        .object { reader in
            var limits = SitePolicy.ModelLimits()
            if let seconds = reader.optional("seconds", .wholeNumber(in: 1...86_400)) { limits.seconds = seconds }
            if let memory = reader.optional("memoryMiB", .wholeNumber(in: 256...1_048_576)) {
                limits.memoryMiB = memory
            }
            return limits
        }
    }
}

extension ValueReader where Value == DisclosureSettings {
    fileprivate static var disclosureSettings: Self {
        .object { reader in
            var settings = DisclosureSettings()
            settings.profile =
                reader.optional("profile", .choice(of: DisclosureSettings.Profile.self)) ?? settings.profile
            settings.isProfileWritten = reader.contains("profile")
            settings.minimumCount = reader.optional("minimumCount", .wholeNumber(in: 1...1_000_000))
            settings.zeros = reader.optional("zeros", .choice(of: DisclosureSettings.Zeros.self))
            settings.sensitiveVariables = reader.optional(
                "sensitiveVariables",
                .array(of: .variableID, count: 0...SiteDescription.maximumVariables))
            settings.performanceCells = reader.optional(
                "performanceCells", .choice(of: DisclosureSettings.PerformanceCells.self))
            settings.dominancePercent = reader.optional("dominancePercent", .wholeNumber(in: 1...100))
            settings.protectionPercent = reader.optional("protectionPercent", .wholeNumber(in: 0...100))
            settings.momentsMinimumPatients = reader.optional(
                "momentsMinimumPatients", .wholeNumber(in: 2...1_000_000))
            settings.maximumNumbers = reader.optional("maximumNumbers", .wholeNumber(in: 0...1_000_000))
            settings.numbersPerPatient = reader.optional("numbersPerPatient", .wholeNumber(in: 0...1_000))
            settings.maximumBytes = reader.optional("maximumBytes", .wholeNumber(in: 1_024...1_048_576))
            settings.maximumDatasetNumbers = reader.optional(
                "maximumDatasetNumbers", .wholeNumber(in: 0...1_000_000_000))
            settings.datasetNumbersPerPatient = reader.optional(
                "datasetNumbersPerPatient", .wholeNumber(in: 0...1_000_000))
            settings.maximumRefusals = reader.optional("maximumRefusals", .wholeNumber(in: 1...1_000_000))
            settings.refusalDays = reader.optional("refusalDays", .wholeNumber(in: 1...3_650))
            settings.privacy = reader.optional("privacy", .privacySettings)
            return settings
        }
    }
}

extension ValueReader where Value == DisclosureSettings.Privacy {
    fileprivate static var privacySettings: Self {
        .object { reader in
            let mechanism = reader.required("mechanism", .choice(of: DisclosureSettings.Mechanism.self))
            let epsilon = reader.optional("epsilon", .millionths(upTo: 100))
            let delta = reader.optional("delta", .probability(upTo: 0.001))
            let cases = reader.optional("casesPerPatient", .wholeNumber(in: 1...1_000_000))
            guard let mechanism else { return nil }
            if mechanism != .none, !reader.contains("epsilon") {
                reader.fault("mechanism", "site-no-budget", .siteNoBudget("epsilon", mechanism: mechanism.rawValue))
            }
            if mechanism == .discreteGaussian, !reader.contains("delta") {
                reader.fault("mechanism", "site-no-budget", .siteNoBudget("delta", mechanism: mechanism.rawValue))
            }
            return DisclosureSettings.Privacy(
                mechanism: mechanism, epsilonMillionths: epsilon, delta: delta, casesPerPatient: cases)
        }
    }
}

extension ValueReader where Value == Int {
    /// A positive decimal of at most six places, in millionths, exactly.
    fileprivate static func millionths(upTo greatest: Int) -> Self {
        ValueReader<String>.string(maximum: 32).then { text, pointer, faults in
            let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            let places = parts.count == 2 ? String(parts[1]) : ""
            let isDecimal =
                !parts[0].isEmpty && places.count <= 6 && (parts.count == 1 || !places.isEmpty)
                && parts.allSatisfy { $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }
            if isDecimal, let whole = Int(parts[0]), whole <= greatest,
                let rest = Int(places + String(repeating: "0", count: 6 - places.count)),
                (1...greatest * 1_000_000).contains(whole * 1_000_000 + rest)
            {
                return whole * 1_000_000 + rest
            }
            faults.add(
                pointer, FaultCode.outOfRange, .jsonOutOfRange(text, from: "0.000001", to: "\(greatest)"))
            return nil
        }
    }
}

extension ValueReader where Value == Double {
    /// A number over 0, also in the form `1e-6`.
    fileprivate static func probability(upTo greatest: Double) -> Self {
        ValueReader<String>.string(maximum: 32).then { text, pointer, faults in
            if let value = Double(text), value > 0, value <= greatest { return value }
            faults.add(pointer, FaultCode.outOfRange, .jsonOutOfRange(text, from: "1e-300", to: "\(greatest)"))
            return nil
        }
    }
}
