internal import HTTPTypes
internal import Messages

extension API {
    var enrolment: [Endpoint] {
        [
            Endpoint(.post, "/v1/enrolments", .anyone, bodyLimit: MessageSchema.Limit.other) { exchange in
                try await limited(exchange) {
                    let request = try await exchange.message(EnrolmentRequest.self)
                    return try .json(try await EnrolmentDesk(office: office).enrol(request))
                }
            }
        ]
    }

    var sessions: [Endpoint] {
        [
            Endpoint(.post, "/v1/challenges", .anyone, bodyLimit: MessageSchema.Limit.other) { exchange in
                guard await office.challengeLimiter.admit(exchange.context.remoteAddress, now: office.now) else {
                    throw Problem(.tooManyRequests)
                }
                let request = try await exchange.message(ChallengeRequest.self)
                return try .json(
                    try await SessionDesk(office: office).challenge(for: request.keyID), status: .created)
            },
            Endpoint(.post, "/v1/sessions", .anyone, bodyLimit: MessageSchema.Limit.other) { exchange in
                try await limited(exchange) {
                    let request = try await exchange.message(SessionRequest.self)
                    return try .json(try await SessionDesk(office: office).open(request.proof), status: .created)
                }
            },
        ]
    }

    /// Lets an address fail only so often in a minute.
    private func limited<Value>(_ exchange: Exchange, _ work: () async throws -> Value) async throws -> Value {
        let address = exchange.context.remoteAddress
        guard await office.limiter.mayTry(address, now: office.now) else { throw Problem(.tooManyRequests) }
        do {
            return try await work()
        } catch {
            await office.limiter.recordFailure(address, now: office.now)
            throw error
        }
    }
}
