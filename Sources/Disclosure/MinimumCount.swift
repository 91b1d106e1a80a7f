/// Rule 1, the one that the others build on: a published count stands for no patient, or for at least `t`.
/// Source: ACRO `safe_threshold`; CMS cell-size policy; OpenSAFELY.
struct MinimumCount {
    let least: Int

    init(_ policy: DisclosurePolicy) { least = policy.minimumCount }

    func allows(_ patients: Int) -> Bool { patients == 0 || patients >= least }

    func allows(all patients: some Sequence<Int>) -> Bool { patients.allSatisfy(allows) }
}
