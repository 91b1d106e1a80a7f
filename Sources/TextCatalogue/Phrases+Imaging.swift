// What is said about DICOM files and about the inputs of a model that are made from them.
extension Phrase {
    public static var dicomCannotOpen: Phrase {
        Phrase(en: "The file cannot be opened; check that it exists and may be read.", zh: "无法打开文件;请检查文件是否存在、是否可读。")
    }
    public static var dicomEmpty: Phrase { Phrase(en: "The file is empty.", zh: "文件为空。") }
    public static var dicomNotDICOM: Phrase {
        Phrase(
            en: "This is not a DICOM file: it has no file header (PS3.10).", zh: "不是 DICOM 文件:没有文件头(PS3.10)。")
    }
    public static var dicomCorrupt: Phrase {
        Phrase(en: "The DICOM file is damaged or cut short.", zh: "DICOM 文件已损坏或不完整。")
    }
    public static var dicomTooLarge: Phrase {
        Phrase(
            en: "The DICOM file or one of its values is larger than the limit.", zh: "DICOM 文件或其中某个值超过上限。")
    }
    public static func dicomAttributeAbsent(_ keyword: String?) -> Phrase {
        Phrase(
            en: "A required DICOM attribute is absent\(keyword.map { ": \($0)" } ?? "").",
            zh: "缺少必需的 DICOM 属性\(keyword.map { ":\($0)" } ?? "")。")
    }
    public static func dicomUnknownKeyword(_ keyword: String?) -> Phrase {
        Phrase(
            en: "The DICOM dictionary knows no attribute \"\(keyword ?? "")\"; write its keyword as in PS3.6.",
            zh: "DICOM 字典中没有属性“\(keyword ?? "")”;请按 PS3.6 写出其关键字。")
    }
    public static var dicomNotSegmentation: Phrase {
        Phrase(en: "The DICOM object is not a segmentation.", zh: "该 DICOM 对象不是分割对象。")
    }
    public static var dicomUnsupported: Phrase {
        Phrase(
            en: "This kind of segmentation is not supported: it must be BINARY, uncompressed and of one pixel spacing.",
            zh: "不支持此类分割:必须为 BINARY、未压缩且像素间距一致。")
    }
    public static func dicomUnreadableText(_ keyword: String?) -> Phrase {
        Phrase(
            en: "A DICOM text is not valid in the file's character set\(keyword.map { ": \($0)" } ?? "").",
            zh: "DICOM 文本不符合文件的字符集\(keyword.map { ":\($0)" } ?? "")。")
    }
    public static var dicomReaderFailed: Phrase {
        Phrase(en: "The DICOM reader failed.", zh: "DICOM 读取程序出错。")
    }
    public static var imagingInconsistent: Phrase {
        Phrase(
            en: "The objects of the case do not lie on one grid.", zh: "该病例的各对象不在同一网格上。")
    }
    public static var imagingEmptyMask: Phrase { Phrase(en: "The mask is empty.", zh: "掩膜为空。") }
    public static var imagingNoObject: Phrase {
        Phrase(en: "The case has no DICOM object.", zh: "该病例没有 DICOM 对象。")
    }
}
