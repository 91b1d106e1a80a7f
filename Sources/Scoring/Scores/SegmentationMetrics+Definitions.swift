public import Statistics
internal import TextCatalogue

extension SegmentationMetrics {
    /// What each name stands for.
    public static let definitions: [MetricDefinition] =
        overlapDefinitions + volumeDefinitions + distanceDefinitions + lesionDefinitions

    private static let taha = "A. A. Taha, A. Hanbury (2015), BMC Medical Imaging 15:29, section 2"

    private static let overlapDefinitions: [MetricDefinition] = [
        MetricDefinition(
            "dice",
            meaning: Phrase(
                en:
                    "Dice score: twice the common voxels over the voxels of both masks, 0 to 1; 0 when one mask is empty.",
                zh: "Dice 系数:两个掩膜公共体素数的两倍除以两者体素总数,0 至 1;其中一个为空时为 0。"),
            formula: "2 TP / (2 TP + FP + FN)", source: "L. R. Dice (1945), Ecology 26:297; \(taha)"),
        MetricDefinition(
            "iou",
            meaning: Phrase(
                en: "Intersection over union (Jaccard index) of the voxels, 0 to 1; 0 when one mask is empty.",
                zh: "体素的交并比(Jaccard 指数),0 至 1;其中一个掩膜为空时为 0。"),
            formula: "TP / (TP + FP + FN)", source: "P. Jaccard (1912), New Phytologist 11:37; \(taha)"),
        MetricDefinition(
            "sensitivity",
            meaning: Phrase(
                en: "Part of the reference's voxels that the prediction covers (recall), 0 to 1.",
                zh: "参考掩膜中被预测覆盖的体素比例(召回率),0 至 1。"),
            formula: "TP / (TP + FN)", source: taha),
        MetricDefinition(
            "specificity",
            meaning: Phrase(
                en: "Part of the background's voxels that the prediction leaves out, 0 to 1; it grows with the image.",
                zh: "背景体素中未被预测包含的比例,0 至 1;随图像范围增大而升高。"),
            formula: "TN / (TN + FP)", source: taha),
        MetricDefinition(
            "ppv",
            meaning: Phrase(
                en: "Part of the predicted voxels that belong to the reference (precision), 0 to 1.",
                zh: "预测体素中属于参考掩膜的比例(精确率),0 至 1。"),
            formula: "TP / (TP + FP)", source: taha),
        MetricDefinition(
            "tp", meaning: Phrase(en: "Voxels in both masks.", zh: "同时属于两个掩膜的体素数。"),
            formula: "TP = |R ∩ P|", source: taha),
        MetricDefinition(
            "fp", meaning: Phrase(en: "Voxels in the prediction only.", zh: "仅属于预测的体素数。"),
            formula: "FP = |P \\ R|", source: taha),
        MetricDefinition(
            "fn", meaning: Phrase(en: "Voxels in the reference only.", zh: "仅属于参考的体素数。"),
            formula: "FN = |R \\ P|", source: taha),
        MetricDefinition(
            "tn", meaning: Phrase(en: "Voxels in neither mask.", zh: "不属于任一掩膜的体素数。"),
            formula: "TN = voxels − TP − FP − FN", source: taha),
        MetricDefinition(
            "volume_similarity",
            meaning: Phrase(
                en: "Similarity of the two volumes wherever they lie, 0 to 1; 0 when one mask is empty.",
                zh: "两个体积的相似度(与位置无关),0 至 1;其中一个掩膜为空时为 0。"),
            formula: "1 − |FN − FP| / (2 TP + FP + FN)", source: "\(taha), equation 21"),
    ]

    private static let volumeDefinitions: [MetricDefinition] = [
        MetricDefinition(
            "volume_reference",
            meaning: Phrase(
                en: "Volume of the reference in mm³ (in two dimensions its area in mm²).",
                zh: "参考掩膜的体积,mm³(二维时为面积,mm²)。"),
            formula: "voxels · s_z · s_y · s_x", source: taha),
        MetricDefinition(
            "volume_prediction",
            meaning: Phrase(
                en: "Volume of the prediction in mm³ (in two dimensions its area in mm²).",
                zh: "预测掩膜的体积,mm³(二维时为面积,mm²)。"),
            formula: "voxels · s_z · s_y · s_x", source: taha),
        MetricDefinition(
            "volume_error",
            meaning: Phrase(
                en:
                    "Predicted less reference volume in mm³ (mm² in two dimensions); above 0 where too much is predicted.",
                zh: "预测体积减参考体积,mm³(二维时为 mm²);大于 0 表示预测偏大。"),
            formula: "V(P) − V(R) = (FP − FN) · s_z · s_y · s_x", source: taha),
        MetricDefinition(
            "volume_error_relative",
            meaning: Phrase(
                en: "Volume error as a part of the reference's volume; above 0 where too much is predicted.",
                zh: "体积误差占参考体积的比例;大于 0 表示预测偏大。"),
            formula: "(V(P) − V(R)) / V(R)", source: taha),
        MetricDefinition(
            "boundary_iou",
            meaning: Phrase(
                en: "Intersection over union of the voxels less than width_mm from the border of their mask, 0 to 1.",
                zh: "距各自掩膜边界小于 width_mm 的体素的交并比,0 至 1。"),
            formula: "|R_d ∩ P_d| / |R_d ∪ P_d|, M_d = {v ∈ M: d(v, border of M) < width}",
            source: "B. Cheng et al. (2021), Boundary IoU, CVPR, equation 2"),
    ]

    /// How one definition of the distances explains itself.
    private struct DistanceWording {
        let definition: DistanceDefinition
        let over: Phrase
        let percentile: Phrase
        let percentileFormula: String
        let weight: String
        let source: String
        /// The source of what the program of `source` does not have.
        let otherSource: String
    }

    private static let wordings: [DistanceWording] = [
        DistanceWording(
            definition: .surfaceArea,
            over: Phrase(en: "over surface area", zh: "按表面积加权"),
            percentile: Phrase(
                en: "the larger of the two directed percentiles over surface area", zh: "按表面积加权的两个有向百分位数中较大者"),
            percentileFormula: "max(P_p d(R→P), P_p d(P→R)), each distance weighted by its element's area",
            weight: "the area of the surface element",
            source: "DeepMind surface-distance",
            otherSource: "over DeepMind surface-distance's surface elements"),
        DistanceWording(
            definition: .voxelBorder,
            over: Phrase(en: "over border voxels", zh: "按边界体素计"),
            percentile: Phrase(
                en: "the larger of the two directed percentiles over border voxels", zh: "边界体素两个有向百分位数中较大者"),
            percentileFormula: "max(P_p d(R→P), P_p d(P→R)), linear interpolation, each border voxel once",
            weight: "1 a border voxel",
            source: "MONAI (HausdorffDistanceMetric, SurfaceDistanceMetric, SurfaceDiceMetric)",
            otherSource: "as MetricsReloaded"),
        DistanceWording(
            definition: .voxelBorderPooled,
            over: Phrase(en: "over border voxels", zh: "按边界体素计"),
            percentile: Phrase(
                en: "the percentile of the distances of both directions pooled", zh: "两个方向距离合并后的百分位数"),
            percentileFormula: "P_p (d(R→P) and d(P→R) together), linear interpolation, each border voxel once",
            weight: "1 a border voxel", source: "MedPy 0.5 (medpy.metric.binary)",
            otherSource: "over MedPy's border voxels; MedPy has none of this name"),
    ]

    private static let distanceDefinitions: [MetricDefinition] = wordings.flatMap { wording in
        let definition = wording.definition.rawValue
        func phrase(_ english: String, _ chinese: String) -> Phrase { Phrase(en: english, zh: chinese) }
        return [
            MetricDefinition(
                "hd", definition: definition,
                meaning: phrase(
                    "Hausdorff distance in mm: the largest distance from either surface to the other.",
                    "Hausdorff 距离(mm):任一表面到另一表面的最大距离。"),
                formula: "max(max d(R→P), max d(P→R))",
                source: "D. P. Huttenlocher et al. (1993), IEEE TPAMI 15:850; \(wording.source)"),
            MetricDefinition(
                "hd95", definition: definition,
                meaning: phrase(
                    "95th percentile Hausdorff distance in mm: \(wording.percentile.english).",
                    "第 95 百分位 Hausdorff 距离(mm):\(wording.percentile.chinese)。"),
                formula: "p = 95: \(wording.percentileFormula)", source: wording.source),
            MetricDefinition(
                "hdp", definition: definition,
                meaning: phrase(
                    "Percentile Hausdorff distance in mm: \(wording.percentile.english).",
                    "百分位 Hausdorff 距离(mm):\(wording.percentile.chinese)。"),
                formula: wording.percentileFormula, source: wording.source),
            MetricDefinition(
                "assd", definition: definition,
                meaning: phrase(
                    "Average symmetric surface distance in mm: the mean distance of both surfaces \(wording.over.english).",
                    "平均对称表面距离(mm):两个表面距离的均值,\(wording.over.chinese)。"),
                formula: "(Σ w d(R→P) + Σ w d(P→R)) / (Σ w_R + Σ w_P), w = \(wording.weight)", source: wording.source),
            MetricDefinition(
                "masd", definition: definition,
                meaning: phrase(
                    "Mean average surface distance in mm: half the sum of the two directed averages \(wording.over.english).",
                    "平均表面距离均值(mm):两个有向平均距离之和的一半,\(wording.over.chinese)。"),
                formula: "(Σ w d(R→P) / Σ w_R + Σ w d(P→R) / Σ w_P) / 2, w = \(wording.weight)",
                source: "L. Maier-Hein et al. (2024), Nature Methods 21:195; \(wording.otherSource)"),
            MetricDefinition(
                "nsd", definition: definition,
                meaning: phrase(
                    "Normalised surface distance: the part of both surfaces, \(wording.over.english), within tolerance_mm of "
                        + "the other, 0 to 1; 0 when one mask is empty.",
                    "归一化表面距离:两个表面中与另一表面相距不超过 tolerance_mm 的部分(\(wording.over.chinese)),0 至 1;"
                        + "其中一个掩膜为空时为 0。"),
                formula: "(Σ w [d(R→P) ≤ τ] + Σ w [d(P→R) ≤ τ]) / (Σ w_R + Σ w_P), w = \(wording.weight)",
                source: "S. Nikolov et al. (2021), J Med Internet Res 23:e26151; "
                    + (wording.definition == .voxelBorderPooled ? wording.otherSource : wording.source)),
        ]
    }

    private static let lesionDefinitions: [MetricDefinition] = [
        (
            rule: "any-overlap",
            english: "found when it shares a voxel with the other mask", chinese: "与另一掩膜有公共体素即视为检出",
            formula: "a lesion is matched when it shares a voxel with the other mask"
        ),
        (
            rule: "greedy-iou",
            english: "matched one to one by falling intersection over union from iou_threshold on",
            chinese: "按交并比从高到低一对一匹配,不低于 iou_threshold",
            formula: "one-to-one pairs by falling IoU ≥ threshold"
        ),
    ].flatMap { wording in
        let source = "L. Maier-Hein et al. (2024), Metrics reloaded, Nature Methods 21:195"
        func lesion(_ name: String, _ english: String, _ chinese: String, _ formula: String) -> MetricDefinition {
            MetricDefinition(
                name, definition: wording.rule,
                meaning: Phrase(
                    en: "\(english); a lesion is a connected component and \(wording.english).",
                    zh: "\(chinese);病灶为连通区域,\(wording.chinese)。"),
                formula: "\(formula); \(wording.formula)", source: source)
        }
        return [
            lesion("lesion_tp", "Lesions of the reference that were found", "检出的参考病灶数", "TP"),
            lesion("lesion_fp", "Predicted lesions that belong to none of the reference", "不属于任何参考病灶的预测病灶数", "FP"),
            lesion("lesion_fn", "Lesions of the reference that were missed", "漏检的参考病灶数", "FN"),
            lesion(
                "lesion_sensitivity", "Part of the reference's lesions that were found", "参考病灶的检出比例", "TP / (TP + FN)"),
            lesion(
                "lesion_precision", "Part of the predicted lesions that belong to one of the reference",
                "预测病灶中属于参考病灶的比例", "matched predictions / (matched predictions + FP)"),
            lesion(
                "lesion_f1", "Harmonic mean of lesion sensitivity and precision", "病灶灵敏度与精确率的调和平均",
                "2 · sensitivity · precision / (sensitivity + precision)"),
            lesion(
                "lesion_dice",
                "Mean Dice score of the reference's lesions with what was matched to them, a missed one as 0",
                "各参考病灶与其匹配预测的 Dice 均值,漏检计为 0", "(1 / lesions) Σ 2 |r ∩ p| / (|r| + |p|)"),
        ]
    }
}
