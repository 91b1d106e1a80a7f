#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

extension [UInt64] {
    /// Zeros whose pages the system hands out as they are first written, so that a sparse mask is small in memory.
    static func zeros(_ count: Int) -> [UInt64] {
        Array(unsafeUninitializedCapacity: count) { buffer, initialized in
            buffer.clear()
            initialized = count
        }
    }
}

extension UnsafeMutableBufferPointer<UInt64> {
    /// Sets memory of the heap, as `allocate` gives it, to zero, by giving whole pages back where the system promises zeros for them.
    func clear() {
        #if os(Linux)
            // MADV_DONTNEED (Linux, madvise(2)): private anonymous pages, as the heap's are, read as zero afterwards.
            let page = sysconf(Int32(_SC_PAGESIZE))
            let bytes = UnsafeMutableRawBufferPointer(self)
            if bytes.count >= 1 << 20, page > 0, let base = bytes.baseAddress {
                let first = (page - Int(bitPattern: base) % page) % page
                let length = (bytes.count - first) / page * page
                if madvise(base + first, length, MADV_DONTNEED) == 0 {
                    UnsafeMutableRawBufferPointer(rebasing: bytes[..<first]).initializeMemory(
                        as: UInt8.self, repeating: 0)
                    UnsafeMutableRawBufferPointer(rebasing: bytes[(first + length)...])
                        .initializeMemory(as: UInt8.self, repeating: 0)
                    return
                }
            }
        #endif
        initialize(repeating: 0)
    }
}
