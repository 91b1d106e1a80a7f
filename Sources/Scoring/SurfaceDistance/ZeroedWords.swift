/// A block of words that are zero to begin with. The system hands out its pages as they are first written: a block for a
/// sparse surface is far smaller in memory than its size.
final class ZeroedWords {
    let words: UnsafeMutablePointer<UInt64>
    let count: Int

    init(count: Int) {
        words = .allocate(capacity: max(count, 1))
        UnsafeMutableBufferPointer(start: words, count: max(count, 1)).clear()
        self.count = count
    }

    deinit { words.deallocate() }
}
