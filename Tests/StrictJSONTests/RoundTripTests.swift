import Foundation
import StrictJSON
import Testing

@Suite struct RoundTripTests {
    @Test("What is written is read back, in every form")
    func writtenIsRead() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<500 {
            let value = generator.json()
            #expect(try StrictJSON.parse(value.compactBytes) == value)
            #expect(try StrictJSON.parse(value.prettyBytes) == value)
            let canonical = value.canonicalBytes
            #expect(try StrictJSON.parse(canonical).canonicalBytes == canonical)
        }
    }

    @Test("The form for people shows no character that steers a terminal or turns the text around")
    func deceptiveCharacters() throws {
        let value = JSONValue.string("\u{1B}[2J\r\u{7F}\u{9B}1m\u{202E}né\"\u{2066}")
        let pretty = value.prettyBytes
        #expect(String(decoding: pretty, as: UTF8.self) == #""\u001b[2J\u000d\u007f\u009b1m\u202ené\"\u2066""# + "\n")
        #expect(try StrictJSON.parse(pretty) == value)
    }

    @Test("Foundation reads whatever this parser accepts, also of damaged documents, and to the same values")
    func nothingBeyondFoundation() throws {
        var generator = SeededGenerator(seed: 2)
        var accepted = 0
        for _ in 0..<400 {
            let document = generator.json().compactBytes
            for _ in 0..<10 {
                var damaged = document
                for _ in 0..<Int.random(in: 1...3, using: &generator) where !damaged.isEmpty {
                    let place = Int.random(in: 0..<damaged.count, using: &generator)
                    switch Int.random(in: 0..<3, using: &generator) {
                    case 0: damaged[place] = UInt8.random(in: 0...255, using: &generator)
                    case 1: damaged.remove(at: place)
                    default:
                        let byte = Array("{}[]\",:\\u0e-".utf8).randomElement(using: &generator) ?? 0
                        damaged.insert(byte, at: place)
                    }
                }
                guard let value = try? StrictJSON.parse(damaged) else { continue }
                accepted += 1
                let other = try JSONDecoder().decode(JSONValue.self, from: damaged)
                #expect(value.canonicalBytes == other.canonicalBytes)
            }
        }
        #expect(accepted > 100)
    }

    @Test("Equality and hashing ignore the order of members but not the text of numbers")
    func equality() {
        let first: JSONValue = ["a": 1, "b": [2, .null]]
        let second: JSONValue = ["b": [2, .null], "a": 1]
        #expect(first == second)
        #expect(Set([first, second]).count == 1)
        #expect(JSONValue.number(JSONNumber(1)) != 1.5)
    }

    @Test("A member can be replaced, added and removed at any length of the object")
    func editing() {
        for length in [1, 8, 9, 40] {
            var object = JSONObject()
            for index in 0..<length { object["k\(index)"] = .int(index) }
            object["k0"] = "first"
            #expect(object.keys.first == "k0")
            object["k\(length / 2)"] = nil
            #expect(object.count == length - 1)
            #expect(object["k\(length / 2)"] == nil)
            object["new"] = true
            #expect(object["new"] == true)
            #expect(object.keys.last == "new")
            for index in 1..<length where index != length / 2 { #expect(object["k\(index)"] == .int(index)) }
        }
    }
}
