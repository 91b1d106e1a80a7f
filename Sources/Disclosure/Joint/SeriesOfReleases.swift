import Statistics
import StudyProtocol

/// Rule 4: what a release says together with earlier ones of the same snapshot.
struct SeriesOfReleases {
    let gate: ReleaseGate
    let items: [ReleaseGate.Item]
    let joint: JointResult
    let requirements: [JointRequirement]
    /// The digest of the model that is evaluated.
    let model: String?

    /// What is published and what must stay unknown, as it is kept for later releases.
    func statements(_ proposals: [Proposal]) -> EarlierStatements {
        let published = told(proposals).map {
            EarlierStatements.Told(place: $0.statement.place, value: $0.statement.value, requiredWidth: nil)
        }
        let kept = requirements.filter { $0.item.map { proposals[$0].isRelease } ?? true }.map {
            EarlierStatements.Told(place: $0.place, value: $0.value, requiredWidth: $0.width)
        }
        return EarlierStatements(joint.views, model: model, told: published + kept)
    }

    /// The counts that leave, by view.
    private func told(_ proposals: [Proposal]) -> [(view: JointView, statement: JointStatement)] {
        joint.views.views.filter { proposals[$0.item].isRelease }.flatMap { view in
            view.statements.filter {
                !joint.withheld.contains(JointProtection.Count(item: view.item, part: $0.part))
            }.map { (view, $0) }
        }
    }

    /// Withholds answers until nothing that was withheld, now or before, becomes known more closely than it may.
    ///
    /// What says nothing new is never withheld: the same question has the same answer. Where the releases together
    /// cannot be planned within the steps, nothing new is given.
    /// - Returns: whether an answer was withheld.
    func withhold(besides earlier: [EarlierStatements], _ proposals: inout [Proposal]) -> Bool {
        guard !earlier.isEmpty, proposals.contains(where: \.isRelease) else { return false }
        let given = given(besides: earlier, proposals).filter { proposals[$0].isRelease }
        for index in given { proposals[index] = .withhold(rule: 4, .earlierAnswers) }
        return !given.isEmpty
    }

    private func given(besides earlier: [EarlierStatements], _ proposals: [Proposal]) -> Set<Int> {
        let everything = Set(proposals.indices)
        let cases = joint.views.cases
        let own = statements(proposals)
        let contents = earlier.compactMap(\.content)
        guard let content = own.content, earlier.allSatisfy({ $0.caseCount == own.caseCount }) else {
            return everything
        }
        let isAgain = contents.contains { other in
            content.hasForm(of: other) && Set(content.published).isSubset(of: other.published)
        }
        if isAgain { return [] }
        guard contents.count == earlier.count else { return everything }
        var told: [(item: Int, place: EarlierStatements.Place, loss: Int)] = []
        for entry in self.told(proposals) {
            guard
                let place = EarlierStatements.place(
                    entry.statement.place, axes: content.axes, described: cases.describedBoxes)
            else { continue }
            told.append((entry.view.item, place, max(1, entry.statement.value) * entry.view.tier.weight))
        }
        guard
            let protection = SeriesProtection(
                earlier: contents, own: content, told: told, patients: cases.patients,
                minimum: MinimumCount(gate.policy), effort: ReleaseGate.effort)
        else { return everything }
        if protection.news.isEmpty || protection.isSafe(without: []) { return [] }
        guard let withheld = protection.withheld(), protection.isSafe(without: withheld) else {
            return Set(protection.news.map(\.item))
        }
        return withheld
    }
}
