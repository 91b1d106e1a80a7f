/// Sums of rows over every patient, a block of rows at a time.
enum RowSums {
  /// For which of up to 64 combinations the sum of the rows is odd.
  /// - Parameter weights: of each bit of the block: in which combinations its row is.
  static func addParities(_ block: ColumnBlock, weights: [UInt64], to sums: inout [UInt64]) {
    sums.withUnsafeMutableBufferPointer { sums in
      block.accumulate(sums, zero: 0, adding: { $0 ^= $1 }) { plane, word in
        plane == 0 ? parity(word, weights) : 0
      }
    }
  }

  static func addParities(_ batch: RowBatch, weights: [UInt64], to sums: inout [UInt64]) {
    let mask = mask(weights)
    sums.withUnsafeMutableBufferPointer { sums in
      batch.planes[0].withUnsafeBufferPointer { words in
        for patient in words.indices where words[patient] & mask != 0 {
          sums[patient] ^= parity(words[patient] & mask, weights)
        }
      }
    }
  }

  /// The sum of the rows with coefficients, whose product with every multiplicity is below 2^48 or so.
  static func addMultiples(_ block: ColumnBlock, coefficients: [Int64], to sums: inout [Int64]) {
    sums.withUnsafeMutableBufferPointer { sums in
      block.accumulate(sums, zero: 0, adding: { $0 &+= $1 }) { plane, word in
        multiple(word, coefficients) << Int64(plane)
      }
    }
  }

  static func addMultiples(_ batch: RowBatch, coefficients: [Int64], to sums: inout [Int64]) {
    let mask = mask(coefficients)
    sums.withUnsafeMutableBufferPointer { sums in
      for (plane, words) in batch.planes.enumerated() {
        words.withUnsafeBufferPointer { words in
          for patient in words.indices where words[patient] & mask != 0 {
            sums[patient] &+= multiple(words[patient] & mask, coefficients) << Int64(plane)
          }
        }
      }
    }
  }

  /// The bits of what is not zero.
  private static func mask(_ weights: [some BinaryInteger]) -> UInt64 {
    weights.indices.reduce(0) { weights[$1] == 0 ? $0 : $0 | 1 << UInt64($1) }
  }

  @inline(__always)
  private static func parity(_ word: UInt64, _ weights: [UInt64]) -> UInt64 {
    var (rest, sum) = (word, UInt64(0))
    while rest != 0 {
      sum ^= weights[rest.trailingZeroBitCount]
      rest &= rest - 1
    }
    return sum
  }

  @inline(__always)
  private static func multiple(_ word: UInt64, _ coefficients: [Int64]) -> Int64 {
    var (rest, sum) = (word, Int64(0))
    while rest != 0 {
      sum &+= coefficients[rest.trailingZeroBitCount]
      rest &= rest - 1
    }
    return sum
  }
}
