import Draws
import Foundation
import MetaAnalysis
import Statistics

/// Random effects over sites.
enum MetaStudies {
    static let all = [summary, prediction, areas]

    private static let siteCounts = [3, 5, 10, 30]
    private static let estimators: [(BetweenVarianceMethod, String)] = [
        (.dersimonianLaird, "DL"), (.pauleMandel, "PM"), (.restrictedMaximumLikelihood, "REML"),
    ]
    private static let tests: [(ModelTest, String)] = [
        (.normal, "z"), (.hartungKnapp, "HKSJ"), (.hartungKnappGuarded, "guarded"),
    ]

    /// Within-site variances from 0.02 to 0.3 in geometric steps: a large site knows fifteen times as much as a small one.
    private static func variances(_ sites: Int) -> [Double] {
        (0..<sites).map { 0.02 * pow(15, sites > 1 ? Double($0) / Double(sites - 1) : 0) }
    }

    private static func effects(_ variances: [Double], between: Double, _ draws: inout Draws) -> [SiteEffect] {
        variances.map { variance in
            SiteEffect(
                estimate: between.squareRoot() * draws.normal() + variance.squareRoot() * draws.normal(),
                variance: variance)
        }
    }

    private static let summary = Study(
        title: "Random effects: the summary",
        design: """
            k sites with normal estimates, within-site variances from 0.02 to 0.3, variance between sites τ². z, \
            Hartung-Knapp-Sidik-Jonkman (HKSJ) and its guarded form max(1, q), for three estimators of τ².
            """,
        methods: estimators.flatMap { estimator in tests.map { estimator.1 + " " + $0.1 } },
        standard: ["DL guarded", "REML guarded"], replicates: 5_000,
        settings: siteCounts.flatMap { sites in
            [0.0, 0.05, 0.3].map { between in
                let variances = variances(sites)
                return Study.Setting(name: "k \(sites), τ² \(between)") { draws in
                    let effects = effects(variances, between: between, &draws)
                    return estimators.flatMap { estimator, _ in
                        let fit = RandomEffects.fit(effects, method: estimator).value
                        return tests.map { test, _ in
                            Study.Trial(
                                interval: fit?.inference(test, level: Study.level).value?.interval, truth: 0)
                        }
                    }
                }
            }
        },
        remark: """
            z undercovers where sites differ, with 10 sites still. Plain HKSJ is better, but where sites agree by \
            chance its interval is narrower than z's, and with few sites of unequal size that differ it is short. \
            The guarded form is the default: it holds the level in every setting, at the price of width with few \
            sites. Which estimator of τ² is used matters little. With fewer than 5 sites any random-effects interval \
            is descriptive, and decisions take the stratified estimand.
            """)

    private static let forms: [PredictionForm] = [
        .normal, .higginsThompsonSpiegelhalter, .studentT, .hartungKnapp, .hartungKnappGuarded, .partlettRiley,
    ]

    private static let prediction = Study(
        title: "Random effects: the prediction interval",
        design: "The same with REML; the truth is the effect of one more site, which is drawn anew each time.",
        methods: forms.map { "`\($0.rawValue)`" }, standard: ["`hksj-guarded-t-k-1`"], replicates: 5_000,
        settings: [5, 10, 30].flatMap { sites in
            [0.05, 0.3].map { between in
                let variances = variances(sites)
                return Study.Setting(name: "k \(sites), τ² \(between)") { draws in
                    let effects = effects(variances, between: between, &draws)
                    let next = between.squareRoot() * draws.normal()
                    let fit = RandomEffects.fit(effects, method: .restrictedMaximumLikelihood).value
                    return forms.map { form in
                        Study.Trial(interval: fit?.predictionInterval(form, level: Study.level).value, truth: next)
                    }
                }
            }
        },
        remark: """
            All forms are short but with many sites that differ much: τ² is known too badly, and where it is \
            estimated as 0, which with few sites is common, no form knows how far a new site may lie. A prediction \
            interval is descriptive, never a decision.
            """)

    private static let areas = Study(
        title: "Random effects of AUROC, from the sites' own cases",
        design: """
            The whole way: k sites of 25 to 60 patients with 1 to 3 cases each, the class drawn for each patient, ρ \
            0.5; the logits of the sites' areas are normal around logit 0.85 with variance τ². Obuchowski's \
            variance, DL on the logit scale. A site whose area is 1 has no logit, so that there is no interval. The \
            truth is the mean logit.
            """,
        methods: ["DL z", "DL HKSJ", "DL guarded"], standard: ["DL guarded"], replicates: 5_000,
        settings: siteCounts.flatMap { sites in
            [0.0, 0.2].map { between in areas(sites, between: between) }
        },
        remark:
            "The sites' variances are estimated here, and correlate with the areas; the tables above take them as known."
    )

    private static func areas(_ sites: Int, between: Double) -> Study.Setting {
        let center = Patients.logit(0.85)
        return Study.Setting(name: "k \(sites), τ² \(between)") { draws in
            var effects: [SiteEffect] = []
            for _ in 0..<sites {
                let area = Patients.expit(center + between.squareRoot() * draws.normal())
                let scores = Patients.Scores(
                    draws.integer(25...60), cases: 1...3, prevalence: 0.4, labels: .byPatient, areas: (area, area),
                    correlation: 0.5, agreement: 0, &draws)
                guard let statistics = scores.statistics, let variance = statistics.obuchowskiVariance,
                    statistics.area > 0, statistics.area < 1, variance > 0
                else { continue }
                let slope = 1 / (statistics.area * (1 - statistics.area))
                effects.append(
                    SiteEffect(estimate: Patients.logit(statistics.area), variance: variance * slope * slope))
            }
            let fit = effects.count == sites ? RandomEffects.fit(effects, method: .dersimonianLaird).value : nil
            return tests.map { test, _ in
                Study.Trial(interval: fit?.inference(test, level: Study.level).value?.interval, truth: center)
            }
        }
    }
}
