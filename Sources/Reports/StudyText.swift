internal import Evidence
public import Messages
internal import StudyProtocol
public import TextCatalogue

/// Lists and progress of studies as text.
public enum StudyText {
    public static func list(_ list: StudyList, in language: Language) -> String {
        var table = TextTable(
            [Phrase.headingStudy, .headingProtocol, .headingState, .headingSubmitted].map { $0.text(in: language) })
        for study in list.studies {
            table.add([
                study.id.description, "\(study.identifier)@\(study.version)",
                Phrase.studyState(study.state.rawValue).text(in: language), study.submitted.description,
            ])
        }
        return table.isEmpty ? Phrase.noStudies.text(in: language) : table.text
    }

    public static func status(_ status: StudyStatus, in language: Language) -> String {
        var table = TextTable([Phrase.headingSite, .headingState, .headingSince].map { $0.text(in: language) })
        for site in status.sites {
            table.add([site.site.description, state(site, in: language), site.updated.description])
        }
        let heading =
            "\(status.summary.id): \(status.summary.title.text(in: language)): "
            + Phrase.studyState(status.summary.state.rawValue).text(in: language)
        let isRefused = status.sites.contains { $0.reason == FailureCode.notReleasable.rawValue }
        return heading + "\n" + table.text + (isRefused ? "\n" + Phrase.adviceOnWithheld.text(in: language) : "")
    }

    /// One line for a log: where a site stands now.
    public static func progress(_ site: SiteProgress, in language: Language) -> String {
        "\(site.site): \(state(site, in: language))"
    }

    private static func state(_ site: SiteProgress, in language: Language) -> String {
        let state = Phrase.jobState(site.code.rawValue).text(in: language)
        return site.reason.map { "\(state) (\($0))" } ?? state
    }
}
