internal import Evidence
internal import Foundation
internal import Hummingbird
internal import Messages

extension API {
    var studies: [Endpoint] {
        let desk = StudyDesk(office: office)
        let poll = LongPoll(bells: office.bells)
        return [
            Endpoint(.post, "/v1/studies", .sponsor, bodyLimit: MessageSchema.Limit.protocolEnvelope) { exchange in
                switch try await desk.submit(exchange.body(), by: exchange.person()) {
                case .created(let status): try .json(status, status: .created)
                case .known(let status): try .json(status)
                }
            },
            Endpoint(.get, "/v1/studies", .reader) { exchange in
                try .json(try await desk.list(for: exchange.person()))
            },
            Endpoint(.get, "/v1/studies/{id}", .reader) { exchange in
                let id = try exchange.study()
                let person = try exchange.person()
                let seconds = try exchange.query("wait", in: 0...LongPoll.longest) ?? 0
                let since = try exchange.query("since", in: 0...Int.max) ?? 0
                let changed = try await poll.wait(
                    for: .study(id: id.rawValue), seconds: seconds, exchange: exchange
                ) {
                    let status = try await desk.status(of: id, for: person)
                    return status.revision > since ? status : nil
                }
                if let changed { return try .json(changed) }
                return try .json(try await desk.status(of: id, for: person))
            },
            Endpoint(.get, "/v1/studies/{id}/results", .reader) { exchange in
                try .json(try await desk.results(of: exchange.study(), for: exchange.person()))
            },
            Endpoint(.get, "/v1/studies/{id}/envelopes", .reader) { exchange in
                try .json(try await desk.envelopes(of: exchange.study(), for: exchange.person()))
            },
            Endpoint(.get, "/v1/envelopes/{digest}", .reader) { exchange in
                .bytes(
                    try await desk.envelope(exchange.digest("digest"), for: exchange.person()),
                    contentType: "application/vnd.dsse+json")
            },
        ]
    }

    /// An envelope around a release of the greatest size: base64 makes four bytes of three, signatures come on top.
    private static let releaseEnvelopeLimit = MessageSchema.Limit.release / 3 * 4 + 64 * 1024

    var jobs: [Endpoint] {
        let desk = JobDesk(office: office)
        let poll = LongPoll(bells: office.bells)
        return [
            Endpoint(.get, "/v1/jobs/next", .agent) { exchange in
                let site = try exchange.site()
                let seconds = try exchange.query("wait", in: 0...LongPoll.longest) ?? 0
                let envelope = try await poll.wait(
                    for: .jobs(site: site.rawValue), seconds: seconds, exchange: exchange
                ) {
                    try await desk.next(for: site)
                }
                guard let envelope else { return .noContent }
                return .bytes(envelope, contentType: "application/vnd.dsse+json")
            },
            Endpoint(.post, "/v1/jobs/{digest}/status", .agent, bodyLimit: MessageSchema.Limit.other) { exchange in
                let status = try await exchange.message(JobStatus.self)
                try await desk.report(status, for: exchange.digest("digest"), by: exchange.site())
                return .noContent
            },
            Endpoint(.put, "/v1/jobs/{digest}/release", .agent, bodyLimit: Self.releaseEnvelopeLimit) { exchange in
                switch try await desk.file(
                    exchange.body(), for: exchange.digest("digest"), by: exchange.site())
                {
                case .created: Response(status: .created)
                case .known: Response(status: .ok)
                }
            },
        ]
    }
}
