import Foundation

/// Tables of fixed width.
enum Lines {
    static func say(_ text: String) { print(text) }

    static func row(_ cells: [String], widths: [Int]) {
        let padded = zip(cells, widths).map { cell, width in
            let space = String(repeating: " ", count: max(0, abs(width) - cell.count))
            return width < 0 ? cell + space : space + cell
        }
        print(padded.joined(separator: "  "))
    }

    static func milliseconds(_ value: Double) -> String {
        String(format: value < 1 ? "%.4f" : value < 100 ? "%.2f" : "%.0f", value)
    }

    static func ratio(_ value: Double) -> String { String(format: "%.1f", value) }
}
