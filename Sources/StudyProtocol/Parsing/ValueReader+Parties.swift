internal import Evidence
internal import StrictJSON

extension ValueReader where Value == Sponsor {
    static var sponsor: Self {
        .object { reader in
            let name = reader.required("name", .text(maximum: ProtocolLimits.nameLength))
            let contact = reader.required("contact", .text(maximum: ProtocolLimits.nameLength))
            guard let name, let contact else { return nil }
            return Sponsor(name: name, contact: contact)
        }
    }
}

extension ValueReader where Value == ModelReference {
    static var model: Self {
        .object { reader in
            let name = reader.required("name", .text(maximum: ProtocolLimits.nameLength))
            let version = reader.required("version", .version)
            let digest = reader.required("digest", .digest)
            let sites = reader.required("trainingSites", .sites(atLeast: 0))
            guard let name, let version, let digest, let sites else { return nil }
            return ModelReference(name: name, version: version, digest: digest, trainingSites: sites)
        }
    }
}

extension ValueReader where Value == [SiteID] {
    /// Sites, each once.
    static func sites(atLeast minimum: Int) -> Self {
        array(of: ValueReader<SiteID>.identifier(), count: minimum...ProtocolLimits.sites).then {
            sites, pointer, faults in
            faults.addDuplicates(
                sites.enumerated().map { (pointer.appending($0.offset), $0.element.rawValue) })
            return sites
        }
    }
}

extension ValueReader where Value == EthicsStatement {
    static var ethics: Self {
        .object { reader in
            let site = reader.required("site", ValueReader<SiteID?>.siteOrEvery)
            let basis = reader.required("basis", .text(maximum: ProtocolLimits.textLength))
            guard let site, let basis else { return nil }
            return EthicsStatement(site: site, basis: basis)
        }
    }
}

extension ValueReader where Value == SiteID? {
    /// A site, or `"*"` for every one.
    static var siteOrEvery: Self {
        ValueReader { value, pointer, faults in
            if value.stringValue == "*" { return .some(nil) }
            return ValueReader<SiteID>.identifier().read(value, pointer, faults).map { .some($0) }
        }
    }
}
