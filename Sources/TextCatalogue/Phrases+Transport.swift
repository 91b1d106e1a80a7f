// What the HTTPS client says.
extension Phrase {
    public static var transportCannotStart: Phrase {
        Phrase(en: "The HTTPS client could not be set up (libcurl).", zh: "无法启动 HTTPS 客户端(libcurl)。")
    }
    public static var transportInvalidRequest: Phrase {
        Phrase(en: "The request holds a character that must not be sent.", zh: "请求中含有不允许发送的字符。")
    }
    public static var transportInvalidAddress: Phrase {
        Phrase(
            en: "The coordinator's address must be an https URL without user name, query and fragment.",
            zh: "协调方地址必须是不含用户名、查询和片段的 https 网址。"
        )
    }
    public static var transportCannotConnect: Phrase {
        Phrase(
            en: "The coordinator cannot be reached. Check its address, the network and the proxy variables "
                + "(https_proxy, no_proxy).",
            zh: "无法连接协调方。请检查其地址、网络以及代理变量(https_proxy、no_proxy)。"
        )
    }
    public static var transportTimedOut: Phrase {
        Phrase(en: "The coordinator did not answer in time.", zh: "协调方未在规定时间内应答。")
    }
    public static var transportUntrustedServer: Phrase {
        Phrase(
            en: "The server's certificate does not come from the certificate authority in the invitation, or is for "
                + "another host. Do not go on before the coordinator's operator has confirmed the fingerprint.",
            zh: "服务器证书并非由邀请中的证书颁发机构签发,或主机名不符。在协调方运维人员确认指纹之前请勿继续。"
        )
    }
    public static var transportTLSFailed: Phrase {
        Phrase(
            en: "No secure connection could be made (TLS 1.3); the server may have refused this site's certificate.",
            zh: "无法建立安全连接(TLS 1.3);服务器可能拒绝了本站点的证书。"
        )
    }
    public static var transportProtocolViolation: Phrase {
        Phrase(en: "The connection to the coordinator broke.", zh: "与协调方的连接中断。")
    }
    public static var transportResponseTooLarge: Phrase {
        Phrase(en: "The coordinator's answer is larger than allowed.", zh: "协调方的应答超出允许的大小。")
    }
    public static var transportCannotWrite: Phrase {
        Phrase(en: "A download could not be written to disk.", zh: "下载内容无法写入磁盘。")
    }
    public static var transportCannotRecord: Phrase {
        Phrase(
            en: "The record of outgoing requests cannot be written, so the request was not sent.",
            zh: "无法写入发出请求的记录,因此该请求未发送。"
        )
    }
    public static var transportDigestMismatch: Phrase {
        Phrase(en: "A downloaded file does not have the expected digest.", zh: "下载文件的摘要与预期不符。")
    }
    public static func transportUnexpectedResponse(status: Int) -> Phrase {
        Phrase(
            en: "The coordinator answered with something unexpected (HTTP \(status)).",
            zh: "协调方返回了意外的应答(HTTP \(status))。"
        )
    }
    public static func transportProblem(title: String, code: String, status: Int) -> Phrase {
        Phrase(
            en: "The coordinator refused: \(title) (\(code), HTTP \(status)).",
            zh: "协调方拒绝了请求:\(title)(\(code),HTTP \(status))。"
        )
    }
    public static var transportCancelled: Phrase {
        Phrase(en: "The request was cancelled.", zh: "请求已取消。")
    }
}
