internal import Foundation
internal import TextCatalogue

/// Whole arrays of one axis from `.npy` files: labels and scores.
public enum NumpyArray {
    /// The elements as Doubles.
    public static func readDoubles(path: String) throws(LocalFileError) -> [Double] {
        let cursor = try cursor(path)
        var values: [Double] = []
        values.reserveCapacity(cursor.table.rows)
        while try cursor.next() {
            values.append(contentsOf: UnsafeBufferPointer(start: cursor.block.numbers(0), count: cursor.block.rows))
        }
        return values
    }

    /// The elements as bytes; one that is no whole number from 0 to 255 is an error.
    public static func readUInt8(path: String) throws(LocalFileError) -> [UInt8] {
        let cursor = try cursor(path)
        var values: [UInt8] = []
        values.reserveCapacity(cursor.table.rows)
        while try cursor.next() {
            let block = UnsafeBufferPointer(start: cursor.block.numbers(0), count: cursor.block.rows)
            for value in block {
                guard let byte = UInt8(exactly: value) else {
                    throw LocalFileError(
                        .arrayShape, .localArrayShape(path, expected: "whole numbers from 0 to 255"))
                }
                values.append(byte)
            }
        }
        return values
    }

    private static func cursor(_ path: String) throws(LocalFileError) -> NumpyCursor {
        let table = try NumpyTable(path: path)
        guard table.names.count == 1 else {
            throw LocalFileError(.arrayShape, .localArrayShape(path, expected: "(cases)"))
        }
        return NumpyCursor(table, forms: [.number], rows: 0..<table.rows)
    }
}
