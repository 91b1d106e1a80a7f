// What is said about `policy` in site.yaml.
extension Phrase {
    public static func siteSaidTwice(_ key: String, _ other: String) -> Phrase {
        Phrase(
            en: "\(key) and \(other) are the same setting; keep one of them",
            zh: "\(key) 与 \(other) 是同一设置;请只保留其中一个")
    }
    public static func siteLooserThanProfile(_ count: Int, profile: String, minimum: Int) -> Phrase {
        Phrase(
            en: "\(count) is fewer than the \(minimum) of the profile \(profile); remove minimumCount, or move it to "
                + "policy.disclosure if it shall count",
            zh: "\(count) 小于配置 \(profile) 的 \(minimum);请删除 minimumCount,若确需生效请移至 policy.disclosure")
    }
    public static func siteUnknownVariable(_ name: String, nearest: String?) -> Phrase {
        Phrase(
            en: "no variable of this site is called \"\(name)\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""),
            zh: "本站点没有名为“\(name)”的变量" + (nearest.map { ";您是否想写“\($0)”?" } ?? ""))
    }
    public static func siteNoBudget(_ key: String, mechanism: String) -> Phrase {
        Phrase(
            en: "\(mechanism) needs \(key), for example "
                + (key == "delta" ? "delta: 1e-6" : "epsilon: 1") + "; or write mechanism: none",
            zh: "\(mechanism) 需要 \(key),例如 " + (key == "delta" ? "delta: 1e-6" : "epsilon: 1")
                + ";或写 mechanism: none")
    }
}
