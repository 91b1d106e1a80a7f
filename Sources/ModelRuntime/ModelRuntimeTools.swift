public import Foundation
import Glibc

/// Where the programs and the library that score a model are.
public struct ModelRuntimeTools: Hashable, Sendable {
    /// Bubblewrap.
    public var bubblewrap: String
    /// `concordat-model-host` of this same build.
    public var modelHost: String
    /// ONNX Runtime's shared library.
    public var onnxRuntime: String

    public init(bubblewrap: String, modelHost: String, onnxRuntime: String) {
        self.bubblewrap = bubblewrap
        self.modelHost = modelHost
        self.onnxRuntime = onnxRuntime
    }

    /// Finds what is installed. Bubblewrap is looked for in the system's folders; the model host beside the running
    /// program; ONNX Runtime where `CONCORDAT_ONNXRUNTIME` says, beside the program, in the system's library folders,
    /// and in the `.cache/onnxruntime` of the source folder that the program was built in.
    /// - Throws: `ModelRuntimeError` `sandbox-unavailable` whose detail says what is missing.
    public static func locate(
        environment: [String: String] = ProcessInfo.processInfo.environment, program: URL? = nil
    ) throws(ModelRuntimeError) -> ModelRuntimeTools {
        let program = program ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let folder = program.deletingLastPathComponent()
        guard let bubblewrap = ["/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"].first(where: isExecutable)
        else { throw ModelRuntimeError(.sandboxUnavailable, detail: "bubblewrap (bwrap) is not installed") }
        let host = folder.appendingPathComponent("concordat-model-host").path
        guard isExecutable(host) else {
            throw ModelRuntimeError(.sandboxUnavailable, detail: "concordat-model-host is not beside the program")
        }
        guard let library = onnxRuntime(environment: environment, beside: folder) else {
            throw ModelRuntimeError(
                .sandboxUnavailable, detail: "libonnxruntime.so is not found; set CONCORDAT_ONNXRUNTIME")
        }
        return ModelRuntimeTools(bubblewrap: bubblewrap, modelHost: host, onnxRuntime: library)
    }

    private static func onnxRuntime(environment: [String: String], beside folder: URL) -> String? {
        if let named = environment["CONCORDAT_ONNXRUNTIME"], !named.isEmpty {
            // What a person names is used or found missing, never replaced by something else.
            return isReadableFile(named) ? named : nil
        }
        var folders = [folder.path, "/usr/local/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]
        folders += ["/usr/lib64", "/usr/lib"]
        var ancestor = folder
        while ancestor.path != "/" {
            ancestor = ancestor.deletingLastPathComponent()
            folders.append(ancestor.appendingPathComponent(".cache/onnxruntime").path)
        }
        for candidate in folders {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: candidate)) ?? []
            let libraries = names.filter { $0.hasPrefix("libonnxruntime.so") }.sorted()
            if let name = libraries.last, isReadableFile(candidate + "/" + name) { return candidate + "/" + name }
        }
        return nil
    }

    private static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }
    private static func isReadableFile(_ path: String) -> Bool { access(path, R_OK) == 0 }
}
