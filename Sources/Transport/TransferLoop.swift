import CCurl
import CCurlShim
import Foundation
import Synchronization

/// One thread that drives every transfer of a client through one libcurl multi handle, so that connections are
/// reused, HTTP/2 streams share one connection, and no caller's thread is ever blocked.
///
/// `@unchecked Sendable`: `inbox` is guarded by its mutex. `multi` is used by the loop's thread only, but for
/// `curl_multi_wakeup`, which libcurl documents as callable from any thread; it is called under the mutex and only
/// while `isClosed` is false, and the thread sets `isClosed` under the same mutex before it frees the handle.
final class TransferLoop: @unchecked Sendable {
    private struct Inbox {
        var starting: [Transfer] = []
        var cancelled: Set<UInt64> = []
        var isStopping = false
        var isClosed = false
        var lastNumber: UInt64 = 0
    }

    private let inbox = Mutex(Inbox())
    private let multi: UnsafeMutableRawPointer

    init() throws(TransportError) {
        guard Self.libraryIsReady, let multi = curl_multi_init() else { throw TransportError(.cannotStart) }
        self.multi = multi
        _ = ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 8)
        let thread = Thread { [self] in run() }
        thread.name = "transport"
        thread.start()
    }

    /// `curl_global_init` once for the process, before the first thread.
    private static let libraryIsReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// A number for a new transfer, unique in this loop.
    func nextNumber() -> UInt64 {
        inbox.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
    }

    /// Hands a transfer to the loop, which from now on alone touches it and resumes its continuation exactly once.
    func start(_ transfer: Transfer) {
        let isAccepted = inbox.withLock { state in
            guard !state.isStopping else { return false }
            state.starting.append(transfer)
            curl_multi_wakeup(multi)
            return true
        }
        if !isAccepted { transfer.finish(.failure(TransportError(.cancelled))) }
    }

    /// Ends a transfer early, whether it has begun or not; unknown numbers (ended already) are ignored.
    func cancel(_ number: UInt64) {
        inbox.withLock { state in
            guard !state.isClosed else { return }
            state.cancelled.insert(number)
            curl_multi_wakeup(multi)
        }
    }

    /// Ends all transfers and the thread.
    func stop() {
        inbox.withLock { state in
            guard !state.isClosed else { return }
            state.isStopping = true
            curl_multi_wakeup(multi)
        }
    }

    private func run() {
        var running: [UInt64: Transfer] = [:]
        var handles: [UnsafeMutableRawPointer: UInt64] = [:]
        var spare: [EasyHandle] = []

        func remove(_ number: UInt64) -> Transfer? {
            guard let transfer = running.removeValue(forKey: number) else { return nil }
            handles[transfer.handle.pointer] = nil
            curl_multi_remove_handle(multi, transfer.handle.pointer)
            if spare.count < 4 {
                transfer.handle.reset()
                spare.append(transfer.handle)
            }
            return transfer
        }

        while true {
            let (starting, cancelled, isStopping) = inbox.withLock { state in
                defer {
                    state.starting = []
                    state.cancelled = []
                }
                return (state.starting, state.cancelled, state.isStopping)
            }
            if isStopping {
                for transfer in starting { transfer.finish(.failure(TransportError(.cancelled))) }
                break
            }
            for transfer in starting {
                if cancelled.contains(transfer.number) {
                    transfer.finish(.failure(TransportError(.cancelled)))
                    continue
                }
                do {
                    try transfer.prepare(on: spare.popLast())
                } catch {
                    transfer.finish(.failure(error))
                    continue
                }
                running[transfer.number] = transfer
                handles[transfer.handle.pointer] = transfer.number
                curl_multi_add_handle(multi, transfer.handle.pointer)
            }
            for number in cancelled {
                remove(number)?.finish(.failure(TransportError(.cancelled)))
            }

            var active: Int32 = 0
            curl_multi_perform(multi, &active)
            var remaining: Int32 = 0
            while let message = curl_multi_info_read(multi, &remaining) {
                let result = ccurl_message_result(message)
                guard result >= 0, let pointer = ccurl_message_handle(message), let number = handles[pointer] else {
                    continue
                }
                // The outcome is read before the handle is reset for its next use.
                let outcome = running[number]?.outcome(result: CURLcode(UInt32(result)))
                if let transfer = remove(number), let outcome { transfer.finish(outcome) }
            }
            curl_multi_poll(multi, nil, 0, running.isEmpty ? 60_000 : 1_000, nil)
        }

        for number in Array(running.keys) {
            remove(number)?.finish(.failure(TransportError(.cancelled)))
        }
        inbox.withLock { state in
            state.isClosed = true
            for transfer in state.starting { transfer.finish(.failure(TransportError(.cancelled))) }
            state.starting = []
        }
        spare.removeAll()
        curl_multi_cleanup(multi)
    }
}

/// Owns one libcurl easy handle and frees it.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer

    init() throws(TransportError) {
        guard let pointer = curl_easy_init() else { throw TransportError(.cannotStart) }
        self.pointer = pointer
    }

    /// Forgets every option; live connections stay with the multi handle.
    func reset() {
        curl_easy_reset(pointer)
    }

    deinit {
        curl_easy_cleanup(pointer)
    }
}
