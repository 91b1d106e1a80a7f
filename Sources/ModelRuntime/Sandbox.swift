import Foundation
import Glibc

/// Runs one program in a world that holds the program, the libraries it needs, and nothing else.
///
/// Bubblewrap makes new user, mount, process, network, IPC, host-name and control-group namespaces. There is no network
/// but a dead loopback, no `/proc`, `/sys`, `/dev`, `/tmp` or `/etc`, no writable file system of any size, no environment
/// and no capability. What the program works on comes by its standard input and leaves by its standard output, so no
/// file of the site is in there under any name.
///
/// When the agent is root, the real user becomes `nobody` before bubblewrap starts: even an escape from every namespace
/// would end as a user who owns nothing. Files that `nobody` could not open then come in by open descriptors.
package struct Sandbox: Sendable {
    private let bubblewrap: String
    private let program: String
    private let libraries: SharedLibraries
    /// Further files, by the path inside.
    private let extraFiles: [String: String]
    private let dropsPrivileges: Bool

    /// - Parameters:
    ///   - program: the executable to run.
    ///   - plugins: shared libraries that it opens by itself, by the path inside.
    package init(bubblewrap: String, program: String, plugins: [String: String] = [:]) throws {
        self.bubblewrap = bubblewrap
        self.program = program
        extraFiles = plugins
        libraries = try SharedLibraries(of: [program] + plugins.values.sorted())
        dropsPrivileges = geteuid() == 0
    }

    /// Runs the program to its end.
    func run(
        arguments: [String] = [], input: [ConfinedProcess.Input], limits: ModelLimits, outputLimit: Int
    ) async throws -> ConfinedProcess.Outcome {
        var files = FileBindings(dropsPrivileges: dropsPrivileges)
        for (name, file) in libraries.files.sorted(by: { $0.key < $1.key }) {
            files.bind(file, at: libraries.folder + "/" + name)
        }
        files.bind(libraries.loader, at: libraries.loader)
        files.bind(program, at: "/program", isExecutable: true)
        for (inside, file) in extraFiles.sorted(by: { $0.key < $1.key }) { files.bind(file, at: inside) }

        let process = ConfinedProcess(
            path: bubblewrap,
            arguments: [
                // No --new-session: the process leads a session already, and all of it stays in one group to be killed.
                // And no init process between, which would be left behind for the system to reap.
                "bwrap", "--unshare-all", "--unshare-user", "--as-pid-1", "--die-with-parent", "--cap-drop", "ALL",
                "--clearenv", "--uid", "65534", "--gid", "65534", "--hostname", "model",
            ] + files.arguments + ["--remount-ro", "/", "--chdir", "/", "--", "/program"] + arguments,
            files: files.opened, dropsPrivileges: dropsPrivileges, memory: limits.memory,
            processorSeconds: limits.processorSeconds, wallClock: limits.wallClock, outputLimit: outputLimit)
        return try await process.run(input: input)
    }
}

/// Bubblewrap's arguments for read-only files.
private struct FileBindings {
    let dropsPrivileges: Bool
    private(set) var arguments: [String] = []
    /// Files to open for bubblewrap, at descriptor 3 and up.
    private(set) var opened: [String] = []

    init(dropsPrivileges: Bool) { self.dropsPrivileges = dropsPrivileges }

    mutating func bind(_ file: String, at inside: String, isExecutable: Bool = false) {
        if !dropsPrivileges || Self.anyoneCanRead(file, isExecutable: isExecutable) {
            arguments += ["--ro-bind", file, inside]
        } else {
            // A copy in the sandbox's memory of what only root can open.
            arguments += ["--perms", isExecutable ? "0500" : "0400", "--ro-bind-data", "\(3 + opened.count)", inside]
            opened.append(file)
        }
    }

    /// Whether every folder on the way and the file itself are open to all.
    private static func anyoneCanRead(_ file: String, isExecutable: Bool) -> Bool {
        let path = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
        var status = stat()
        let wanted = isExecutable ? S_IROTH | S_IXOTH : S_IROTH
        guard stat(path, &status) == 0, status.st_mode & wanted == wanted else { return false }
        var folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        while true {
            guard stat(folder.path, &status) == 0, status.st_mode & S_IXOTH != 0 else { return false }
            if folder.path == "/" { return true }
            folder.deleteLastPathComponent()
        }
    }
}
