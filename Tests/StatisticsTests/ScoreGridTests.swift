import Foundation
import Statistics
import Testing

@Suite("Score grid")
struct ScoreGridTests {
    @Test("a linear grid's edges are its rounded points with 0 and 1")
    func linear() throws {
        let micro = try Resolution("0.000001")
        let quarters = try ScoreGrid(scale: .linear, from: 0, to: 1, steps: 4).edges(resolution: micro)
        #expect(quarters == [0, 250_000, 500_000, 750_000, 1_000_000])
        let inner = try ScoreGrid(scale: .linear, from: 0.1, to: 0.4, steps: 3).edges(resolution: micro)
        #expect(inner == [0, 100_000, 200_000, 300_000, 400_000, 1_000_000])
    }

    @Test("a logit grid is symmetric about one half, covers 0 to 1 and ascends strictly")
    func logit() throws {
        let edges = try ScoreGrid(scale: .logit, from: -6, to: 6, steps: 40).edges(resolution: Resolution("0.000001"))
        // expit(-6) = 0.002472623…, expit(-5.7) = 0.003334807…
        #expect(edges.prefix(3) == [0, 2473, 3335])
        #expect(edges.count == 43)
        #expect(edges[21] == 500_000)
        #expect(zip(edges, edges.reversed()).allSatisfy { $0 + $1 == 1_000_000 })
        #expect(zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("points that round to the same score are one edge")
    func coarse() throws {
        let grid = try ScoreGrid(scale: .logit, from: -12, to: 12, steps: 100)
        #expect(try grid.edges(resolution: Resolution("0.1")) == Array(0...10))
    }

    @Test("limits are refused, also in JSON")
    func limits() throws {
        for (scale, from, to, steps) in [
            (.linear, 0, 1.5, 4), (.linear, 0.5, 0.5, 4), (.logit, -41, 6, 4), (.logit, -6, 6, 0),
            (.logit, -6, 6, 1001), (.linear, .nan, 1, 4),
        ] as [(ScoreGrid.Scale, Double, Double, Int)] {
            #expect(throws: StatisticsError(.malformedGrid, "")) {
                try ScoreGrid(scale: scale, from: from, to: to, steps: steps)
            }
        }
        let text = #"{"scale": "logit", "from": -6, "to": 6, "steps": 40}"#
        let grid = try JSONDecoder().decode(ScoreGrid.self, from: Data(text.utf8))
        #expect(try grid == ScoreGrid(scale: .logit, from: -6, to: 6, steps: 40))
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(
                ScoreGrid.self, from: Data(text.replacingOccurrences(of: "40", with: "0").utf8))
        }
        #expect(throws: StatisticsError(.malformedGrid, "")) { try grid.edges(resolution: Resolution("10")) }
    }
}
