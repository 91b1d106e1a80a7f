import Foundation
import Glibc

/// The shared libraries that a program needs, as the dynamic loader itself finds them.
struct SharedLibraries: Hashable, Sendable {
    /// The dynamic loader, at the path that programs name.
    let loader: String
    /// Where the loader looks for a library by default: the folder of the C library.
    let folder: String
    /// Library name to the file that holds it.
    private(set) var files: [String: String] = [:]

    /// Asks the loader which files the programs and libraries need, without running them.
    init(of objects: [String]) throws {
        let loaders = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"]
        guard let loader = loaders.first(where: { access($0, X_OK) == 0 }) else {
            throw ModelRuntimeError(.sandboxUnavailable, detail: "no known dynamic loader")
        }
        self.loader = loader
        for object in objects {
            let process = ConfinedProcess(
                path: loader, arguments: [loader, "--list", object], wallClock: .seconds(30), outputLimit: 1 << 20)
            let outcome = try process.runBlocking()
            guard outcome.ending == .exited(0) else {
                throw ModelRuntimeError(.sandboxUnavailable, detail: "libraries are missing: \(outcome.diagnostics)")
            }
            for line in String(decoding: outcome.output, as: UTF8.self).split(separator: "\n") {
                // "\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f…)"
                let words = line.split(separator: " ").map { $0.trimmingCharacters(in: .whitespaces) }
                guard words.count >= 3, words[1] == "=>" else { continue }
                guard words[2].hasPrefix("/") else {
                    throw ModelRuntimeError(.sandboxUnavailable, detail: "a library is missing: \(words[0])")
                }
                files[words[0]] = words[2]
            }
        }
        guard let standardLibrary = files["libc.so.6"] else {
            throw ModelRuntimeError(.sandboxUnavailable, detail: "the C library is not found")
        }
        folder = URL(fileURLWithPath: standardLibrary).deletingLastPathComponent().path
    }
}
