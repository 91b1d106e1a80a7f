import Foundation

/// Times what happens inside: merges of sites and the growth of a site's work. Ends with status 1 when the releases of
/// 1,000 sites take longer than the limit.
@main
struct EngineBenchmark {
    static func main() throws {
        let merges = try Merges(sites: Merges.sites)
        let isWithin = try merges.time()
        try merges.growth()
        try Growth.time()
        if !isWithin { exit(1) }
    }
}
