import Statistics
import TextCatalogue

extension LabelledCases {
    static let definitions: [MetricDefinition] = [
        MetricDefinition(
            "n",
            meaning: Phrase(en: "Cases in the analysis.", zh: "纳入分析的病例数。"),
            formula: "rows with a reference and a score",
            source: "STARD 2015, item 19"),
        MetricDefinition(
            "positives",
            meaning: Phrase(en: "Cases whose reference is positive.", zh: "参考标准为阳性的病例数。"),
            formula: "number of cases with the positive label", source: "STARD 2015, item 19"),
        MetricDefinition(
            "negatives",
            meaning: Phrase(en: "Cases whose reference is negative.", zh: "参考标准为阴性的病例数。"),
            formula: "number of cases with another label", source: "STARD 2015, item 19"),
        MetricDefinition(
            "patients",
            meaning: Phrase(en: "Patients of the cases in the analysis.", zh: "纳入分析的病例所属的患者数。"),
            formula: "distinct values of the patient column", source: "STARD 2015, item 19"),
        MetricDefinition(
            "missing",
            meaning: Phrase(
                en: "Rows without a reference (left out), and rows with a reference but without a score.",
                zh: "缺少参考标准的行（不纳入分析），以及有参考标准但缺少评分的行。"),
            formula: "number of rows whose value is empty, NA, N/A, null or, of numbers, NaN",
            source: "STARD 2015, items 15 and 16"),
    ]
}
