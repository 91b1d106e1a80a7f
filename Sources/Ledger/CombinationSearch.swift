/// Finds what a combination of some rows is in whole numbers, of which only odd and even were known.
///
/// The coefficients are those that are zero on a sample of patients, found modulo 2^61 - 1 and taken for fractions; then the
/// combination is formed for everybody, in whole numbers. Patients for whom it is not zero join the sample, until it is
/// zero for all but a few, or until there is none.
struct CombinationSearch {
  /// A row of the ledger, by its place, or a new one.
  enum Row {
    case held(block: Int, bit: Int)
    case fresh(Int)
  }

  enum Outcome {
    /// Zero for everybody: the last row says nothing new.
    case zero
    /// Not zero for fewer than `t` patients, and with these of the rows.
    case few(patients: Int, rows: [Int])
    /// No combination is zero for the sample.
    case none
    case unknown
  }

  let held: [Ledger.Held]
  let batch: RowBatch
  let rows: [Row]
  let minimumCount: Int
  let counts: (Int) -> Bool

  private static let rounds = 8
  private static let mostRows = 1024

  /// - Parameters:
  ///   - sample: patients for whom the combination is to be zero.
  ///   - steps: what may be done; less afterwards.
  func run(sample: [UInt32], steps: inout Int) -> Outcome {
    guard rows.count <= Self.mostRows else { return .unknown }
    let first = min(sample.count, 4 * rows.count + 256)
    var chosen = (0..<first).map { sample[$0 * sample.count / first] }
    var known = Set(chosen)
    for _ in 0..<Self.rounds {
      let columns = distinctColumns(chosen)
      steps -= rows.count * rows.count * (columns.count + rows.count) / 4
      guard steps > 0 else { return .unknown }
      guard let residues = lastCombination(columns) else { return .none }
      guard let coefficients = Self.whole(residues) else { return .unknown }
      guard let sums = sums(coefficients, steps: &steps) else { return .unknown }
      var (odd, patients) = ([UInt32](), 0)
      for (patient, sum) in sums.enumerated() where sum != 0 {
        odd.append(UInt32(patient))
        if counts(patient) { patients += 1 }
      }
      if odd.isEmpty { return .zero }
      if patients < minimumCount {
        return .few(patients: patients, rows: rows.indices.filter { coefficients[$0] != 0 })
      }
      // Those for whom it is not zero after all, evenly.
      let further = odd.filter { !known.contains($0) }
      guard !further.isEmpty else { return .unknown }
      let count = min(further.count, 2 * rows.count + 64)
      let added = (0..<count).map { further[$0 * further.count / count] }
      chosen += added
      known.formUnion(added)
    }
    return .unknown
  }

  /// The sum of all the rows, for everybody.
  func total(steps: inout Int) -> [Int64]? { sums(rows.map { _ in 1 }, steps: &steps) }

  private func sums(_ coefficients: [Int64], steps: inout Int) -> [Int64]? {
    var weights: [Int: [Int64]] = [:]
    var own = [Int64](repeating: 0, count: 64)
    for (row, coefficient) in zip(rows, coefficients) where coefficient != 0 {
      switch row {
      case .held(let block, let bit):
        weights[block, default: [Int64](repeating: 0, count: 64)][bit] = coefficient
      case .fresh(let bit): own[bit] = coefficient
      }
    }
    let patients = weights.keys.reduce(batch.patientCount) { max($0, held[$1].block.patientCount) }
    let planes = weights.keys.reduce(batch.planes.count) { $0 + held[$1].block.planeCount }
    steps -= patients * planes
    guard steps > 0 else { return nil }
    var sums = [Int64](repeating: 0, count: patients)
    RowSums.addMultiples(batch, coefficients: own, to: &sums)
    for (block, weights) in weights.sorted(by: { $0.key < $1.key }) {
      RowSums.addMultiples(held[block].block, coefficients: weights, to: &sums)
    }
    return sums
  }

  /// The multiplicities of patients in the rows, each different column once; no more than tell the rows apart mostly.
  private func distinctColumns(_ patients: [UInt32]) -> [[UInt64]] {
    var columns = patients.map { _ in [UInt64](repeating: 0, count: rows.count) }
    for (place, row) in rows.enumerated() {
      switch row {
      case .held(let block, let bit):
        let block = held[block].block
        block.read { read in
          for (index, patient) in patients.enumerated() {
            for plane in 0..<block.planeCount {
              columns[index][place] |=
                (read(plane, Int(patient)) >> UInt64(bit) & 1) << UInt64(plane)
            }
          }
        }
      case .fresh(let bit):
        for (index, patient) in patients.enumerated() where Int(patient) < batch.patientCount {
          for (plane, words) in batch.planes.enumerated() {
            columns[index][place] |= (words[Int(patient)] >> UInt64(bit) & 1) << UInt64(plane)
          }
        }
      }
    }
    var seen: Set<[UInt64]> = []
    return columns.filter { column in column.contains { $0 != 0 } && seen.insert(column).inserted }
  }

  /// Modulo the prime, the coefficients of a combination with the last row that is zero on all columns; nil when there
  /// is none.
  private func lastCombination(_ columns: [[UInt64]]) -> [UInt64]? {
    var basis: [(pivot: Int, row: [UInt64], made: [UInt64])] = []
    for index in rows.indices {
      var row = columns.map { $0[index] }
      var made = [UInt64](repeating: 0, count: rows.count)
      made[index] = 1
      for element in basis where row[element.pivot] != 0 {
        let factor = LargeField.negative(row[element.pivot])
        LargeField.add(element.row, times: factor, to: &row)
        LargeField.add(element.made, times: factor, to: &made)
      }
      guard let pivot = row.firstIndex(where: { $0 != 0 }) else {
        if index == rows.count - 1 { return made }
        continue
      }
      let inverse = LargeField.inverse(row[pivot])
      basis.append(
        (
          pivot, row.map { LargeField.product($0, inverse) },
          made.map { LargeField.product($0, inverse) }
        ))
    }
    return nil
  }

  /// The smallest whole numbers in the proportion of these residues; nil when they are large.
  private static func whole(_ residues: [UInt64]) -> [Int64]? {
    let limit: Int64 = 1 << 30
    var common: Int64 = 1
    for residue in residues where residue != 0 {
      guard let part = LargeField.fraction(LargeField.product(residue, UInt64(common))) else {
        return nil
      }
      guard common <= limit / part.denominator else { return nil }
      common *= part.denominator
    }
    var result: [Int64] = []
    for residue in residues {
      let scaled = LargeField.product(residue, UInt64(common))
      let magnitude = min(scaled, LargeField.prime - scaled)
      // With 2^16 as the largest multiplicity and 2^10 rows no sum reaches 2^57.
      guard magnitude < UInt64(limit) else { return nil }
      result.append(scaled > LargeField.prime / 2 ? -Int64(magnitude) : Int64(magnitude))
    }
    return result
  }
}
