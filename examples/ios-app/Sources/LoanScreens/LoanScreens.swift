// The screens of the example. Nothing here has been compiled where SwiftUI is missing, and it was missing where this was
// written; what they do stands in LoanFlow, which is compiled and tested everywhere.
#if canImport(SwiftUI) && canImport(Security) && canImport(LocalAuthentication)
import LoanFlow
import LocalAuthentication
import SwiftUI
import Yinzheng
import YinzhengDevice

/// Read, scroll to the end, agree, sign with a finger or the face; sealed before anything is sent.
@MainActor
public struct AgreementScreen: View {
    private let side: CustomerSide
    private let customer: CustomerSide.Customer
    private let keys: any HardwareKeyStore
    private let kid: String?
    @State private var reading: Reading
    @State private var message = ""
    @State private var busy = false

    /// A screen for one document.
    public init(side: CustomerSide, customer: CustomerSide.Customer, keys: any HardwareKeyStore, kid: String?,
                document: Reading.Document) {
        self.side = side
        self.customer = customer
        self.keys = keys
        self.kid = kid
        _reading = State(initialValue: Reading(document, shownAt: Date()))
    }

    /// The screen.
    public var body: some View {
        VStack {
            ScrollView {
                Text(String(decoding: reading.document.bytes, as: UTF8.self)).padding()
                // In a lazy stack, its end appears when it comes on the screen.
                LazyVStack { Color.clear.frame(height: 1).onAppear { reading.scrolled(to: 1, at: Date()) } }
            }
            Text(message).foregroundColor(.secondary)
            Button("同意并签署") { Task { await agree() } }.disabled(busy || reading.endReachedAt == nil)
        }
        .padding()
    }

    private func agree() async {
        busy = true
        defer { busy = false }
        do {
            try reading.agree(at: Date())
            let context = LAContext()
            context.localizedReason = "签署《\(reading.document.title)》"
            let signer = try HardwareSigner(.customer, in: keys, presence: LocalPresence(context))
            let signed = try await side.sign(reading, by: customer, with: signer, kid: kid)
            try await side.phone.seal()
            message = "已封存：\(signed.number)"
        } catch let error as YinzhengError {
            switch error.code {
            case .signerDeclined: message = "您已取消签署"
            case .signerKeyGone: message = "指纹或面容已变更，请重新登记签署密钥"
            default: message = error.summary(.zh) + "。" + error.advice(.zh)
            }
        } catch let behind as MirrorBehind {
            // Sealed all the same; the next seal or start mends the mirror.
            message = "已封存于第 \(behind.sealed.height) 块"
        } catch Reading.NotYet.tooSoon(let seconds) {
            message = "请再阅读 \(Int(seconds.rounded(.up))) 秒"
        } catch Reading.NotYet.clockWentBack {
            message = "手机时间被调回，请重新打开文本"
        } catch Reading.NotYet.unread {
            message = "请先阅读至末尾"
        } catch {
            message = "未能签署，请稍后再试"
        }
    }
}
#endif
