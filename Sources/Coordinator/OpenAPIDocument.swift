internal import Foundation
enum OpenAPIDocument { static let bytes = Data("{}".utf8) }
