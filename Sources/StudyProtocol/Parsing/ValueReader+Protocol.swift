internal import StrictJSON
internal import TextCatalogue

extension ValueReader {
    /// Reads on where one item of a list is at fault, so that the others can be checked too: the item is then nil.
    var tolerant: ValueReader<Value?> {
        ValueReader<Value?> { value, pointer, faults in .some(self.read(value, pointer, faults)) }
    }
}

extension ValueReader where Value: DeclaredName {
    static var name: Self {
        ValueReader<String>.string(maximum: 1024).then { text, pointer, faults in
            if let name = Value(rawValue: text) { return name }
            faults.add(pointer, .nameMalformed, .protocolName(maximum: DeclaredNameAlphabet.maximumLength))
            return nil
        }
    }
}

extension ValueReader where Value == String {
    /// A text for people: not empty, no control characters but line ends, of limited length in characters (Unicode scalars).
    static func text(maximum: Int) -> Self {
        string(maximum: maximum * 16).then { text, pointer, faults in
            let isSound = text.unicodeScalars.allSatisfy { $0 == "\n" || !TextSafety.isHidden($0) }
            guard isSound, !text.isEmpty, text.unicodeScalars.count <= maximum else {
                faults.add(pointer, .textMalformed, .protocolText(maximum: maximum))
                return nil
            }
            return text
        }
    }

    /// The name of a category's level: it appears in tables and messages as it is.
    static var level: Self {
        string(maximum: ProtocolLimits.levelLength * 16).then { text, pointer, faults in
            let isSound = !text.unicodeScalars.contains(where: TextSafety.isHidden)
            let isTrimmed = text.first?.isWhitespace == false && text.last?.isWhitespace == false
            let isShort = text.unicodeScalars.count <= ProtocolLimits.levelLength
            guard isSound, isTrimmed, isShort, text.utf8.count <= ProtocolLimits.levelBytes else {
                faults.add(pointer, .levelMalformed, .protocolLevel(maximum: ProtocolLimits.levelLength))
                return nil
            }
            return text
        }
    }

    /// A version: numbers with dots.
    static var version: Self {
        string(maximum: 256).then { text, pointer, faults in
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            let isSound = parts.allSatisfy {
                (1...9).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x30...0x39).contains($0) }
                    && ($0.utf8.count == 1 || $0.utf8.first != 0x30)
            }
            guard isSound, (1...4).contains(parts.count) else {
                faults.add(pointer, .versionMalformed, .protocolVersion)
                return nil
            }
            return text
        }
    }
}

extension ValueReader where Value == LocalizedText {
    static func localized(maximum: Int = ProtocolLimits.textLength) -> Self {
        .object { reader in
            let english = reader.required("en", .text(maximum: maximum))
            let chinese = reader.optional("zh-Hans", .text(maximum: maximum))
            return english.map { LocalizedText(english: $0, chinese: chinese) }
        }
    }
}

extension ValueReader where Value == Timestamp {
    static var timestamp: Self {
        ValueReader<String>.string(maximum: 256).then { text, pointer, faults in
            if let instant = Timestamp(text) { return instant }
            faults.add(pointer, .timestampMalformed, .protocolTimestamp)
            return nil
        }
    }
}

extension ValueReader where Value == DecimalText {
    static var decimal: Self {
        ValueReader { value, pointer, faults in
            if let number = value.numberValue {
                faults.add(pointer, .decimalNotString, .protocolDecimalNotString(number.text))
                return nil
            }
            guard let text = ValueReader<String>.string(maximum: 256).read(value, pointer, faults) else { return nil }
            if let decimal = DecimalText(text) { return decimal }
            faults.add(pointer, .decimalMalformed, .protocolDecimal(maximumDigits: DecimalText.maximumDigits))
            return nil
        }
    }
}

extension ValueReader where Value == Double {
    /// A number strictly between two others.
    static func number(between low: Double, and high: Double) -> Self {
        number.then { value, pointer, faults in
            if value > low, value < high { return value }
            faults.add(pointer, .outsideOpenRange, .protocolOutsideOpenRange(from: low, to: high))
            return nil
        }
    }
}

/// Which characters a text from outside may not hold.
enum TextSafety {
    /// Characters that cannot be seen or that change how others are shown: control, format (such as those that turn
    /// the writing direction), separators of lines, private and unassigned ones.
    static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}

extension FaultList {
    /// Whether a fault was recorded at the place or inside it: then something was written there that could not be read,
    /// and it is not to be called missing.
    func contains(within pointer: JSONPointer) -> Bool {
        faults.contains { $0.pointer.tokens.starts(with: pointer.tokens) }
    }

    /// Records a fault at every value that occurred before.
    func addDuplicates(_ values: [(pointer: JSONPointer, name: String)]) {
        var seen: Set<String> = []
        for (pointer, name) in values where !seen.insert(name).inserted {
            add(pointer, .duplicate, .protocolDuplicate(name))
        }
    }
}
