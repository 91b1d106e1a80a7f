internal import Draws
internal import Foundation

/// Made-up patients with what studies ask for, each variable as a small code.
struct Registry {
    enum Variable: Int, CaseIterable {
        /// Whole years, 0 to 99.
        case age
        case sex
        /// Five, from 42 % to 3 %.
        case manufacturer
        /// Six, from 38 % to 2 %; which depends on the manufacturer.
        case modality
        /// Fifteen, more in later ones.
        case year
        /// Whole millimetres, 1 to 60; log-normal.
        case diameter
        /// Eight, from 30 % to 1 %.
        case region
        /// Out-patients, in-patients, emergencies.
        case setting

        var isOrdered: Bool { self == .age || self == .year || self == .diameter }

        /// Codes are below this.
        var levelCount: Int {
            switch self {
            case .age: 100
            case .sex: 2
            case .manufacturer: 5
            case .modality: 6
            case .year: 15
            case .diameter: 61
            case .region: 8
            case .setting: 3
            }
        }

        /// Where most people cut.
        var usualCuts: [Int] {
            switch self {
            case .age: [18, 30, 40, 45, 50, 55, 60, 65, 70, 75, 80]
            case .year: [3, 5, 8, 10, 12]
            case .diameter: [4, 5, 6, 8, 10, 12, 15, 20, 30]
            case .sex, .manufacturer, .modality, .region, .setting: []
            }
        }

        /// Interior edges of the tables that people ask for.
        var usualBins: [[Int]] {
            switch self {
            case .age:
                [
                    [18, 40, 65], [10, 20, 30, 40, 50, 60, 70, 80, 90], [45, 50, 55, 60, 65, 70, 75, 80, 85],
                    [40, 50, 60, 70, 80],
                ]
            case .year: [[5, 10], [3, 6, 9, 12], Array(1..<15)]
            case .diameter: [[6, 8], [4, 6, 8, 10, 15, 20, 30], [6, 10, 20, 30]]
            case .sex, .manufacturer, .modality, .region, .setting: [Array(1..<levelCount)]
            }
        }
    }

    let patients: Int
    /// By variable: of each patient.
    private(set) var values: [[UInt8]]
    /// By variable: how many patients have each code.
    let frequencies: [[Int]]

    func code(_ variable: Variable, _ patient: Int) -> Int { Int(values[variable.rawValue][patient]) }

    init(patients: Int, seed: UInt64) {
        self.patients = patients
        var draws = Draws(seed: seed)
        var values = Variable.allCases.map { _ in [UInt8](repeating: 0, count: patients) }
        func pick(_ shares: [Double]) -> UInt8 {
            var rest = draws.uniform() * shares.reduce(0, +)
            for (level, share) in shares.enumerated() {
                rest -= share
                if rest < 0 { return UInt8(level) }
            }
            return UInt8(shares.count - 1)
        }
        func set(_ variable: Variable, _ patient: Int, _ value: UInt8) { values[variable.rawValue][patient] = value }
        for patient in 0..<patients {
            let isYoung = draws.isHit(0.15)
            let age = isYoung ? 12 + 9 * draws.normal() : 60 + 15 * draws.normal()
            set(.age, patient, UInt8(max(0, min(99, age))))
            set(.sex, patient, draws.isHit(0.47) ? 1 : 0)
            let maker = pick([42, 28, 17, 10, 3])
            set(.manufacturer, patient, maker)
            set(.modality, patient, pick(maker < 2 ? [38, 27, 18, 9, 6, 2] : [45, 10, 30, 12, 2, 1]))
            set(.year, patient, pick((0..<15).map { 2 + Double($0) }))
            set(.diameter, patient, UInt8(max(1, min(60, exp(2.1 + 0.55 * draws.normal())))))
            set(.region, patient, pick([30, 22, 16, 12, 9, 6, 4, 1]))
            set(.setting, patient, pick([55, 35, 10]))
        }
        self.values = values
        frequencies = Variable.allCases.map { variable in
            var counts = [Int](repeating: 0, count: variable.levelCount)
            for code in values[variable.rawValue] { counts[Int(code)] += 1 }
            return counts
        }
    }
}
