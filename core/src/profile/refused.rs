//! Names of fields that must never be kept (class C3): passwords, one-time codes, card verification values,
//! card expiry dates, biometric samples. The words stand in `core/data/refused-fields.json`.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::value::escape::is_hidden;
use crate::{Error, ErrorCode, Result};

/// One kind of secret, and the words by which its names are known. All words are in normal form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    id: String,
    zh: String,
    en: String,
    /// Whether a field of such a name may hold the time of the event, never the secret.
    pub(super) event: bool,
    /// Words that may stand anywhere in the name.
    contains: Vec<String>,
    /// Words that must stand alone, as in `otpCode` or `otp_code`; else `laptop` would be refused.
    words: Vec<String>,
    /// Whole segments of a name.
    segments: Vec<String>,
    /// Whole names.
    exact: Vec<String>,
    /// Harmless words that hold one of the others.
    except: Vec<String>,
}

/// The groups, ascending as in the file.
pub(super) fn groups() -> Result<&'static [Group]> {
    static GROUPS: OnceLock<Option<Vec<Group>>> = OnceLock::new();
    GROUPS
        .get_or_init(|| serde_json::from_str(include_str!("../../data/refused-fields.json")).ok())
        .as_deref()
        .ok_or_else(|| Error::new(ErrorCode::Internal, "refused-fields.json"))
}

/// The group that the name of a field belongs to, if it names a secret. `path` may have segments behind dots.
pub(super) fn group_of(path: &str) -> Result<Option<&'static Group>> {
    let whole = normal(path);
    let words = words(path);
    Ok(groups()?.iter().find(|group| group.names(path, &whole, &words)))
}

impl Group {
    fn names(&self, path: &str, whole: &str, words: &[String]) -> bool {
        let harmless = self.except.iter().any(|word| whole.contains(word.as_str()));
        let stripped = self
            .except
            .iter()
            .fold(whole.to_owned(), |text, word| text.replace(word.as_str(), " "));
        self.contains.iter().any(|word| stripped.contains(word.as_str()))
            || self.words.iter().any(|word| words.contains(word))
            || self.exact.iter().any(|word| word == whole)
            || (!harmless
                && path.split('.').map(normal).any(|segment| self.segments.contains(&segment)))
    }

    /// The error for a field of this name. It holds the name and never the value.
    pub(super) fn refuse(&self, path: &str) -> Error {
        refuse(path, &format!("{} {} ({})", self.zh, self.en, self.id))
    }
}

/// The error for a field that must not be kept.
pub(super) fn refuse(path: &str, why: &str) -> Error {
    let name: String = path.chars().filter(|c| !is_hidden(*c)).take(64).collect();
    Error::new(ErrorCode::RefusedField, format!("field {name}: {why}"))
}

/// Letters and digits only, full-width ones as plain ones, in lower case.
pub(super) fn normal(name: &str) -> String {
    name.chars()
        .filter(|c| !is_hidden(*c))
        .map(plain)
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn plain(c: char) -> char {
    let code = u32::from(c);
    if (0xff01..=0xff5e).contains(&code) { char::from_u32(code - 0xfee0).unwrap_or(c) } else { c }
}

/// The words of a name, in lower case: parted by anything that is no letter or digit, and where small letters
/// meet capitals (`otpCode`, `OTPCode`).
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().filter(|c| !is_hidden(*c)).map(plain).collect();
    let mut words = vec![String::new()];
    let mut before = ' ';
    for (at, &c) in chars.iter().enumerate() {
        let next_is_small = chars.get(at + 1).is_some_and(|next| next.is_lowercase());
        let starts = c.is_uppercase() && (!before.is_uppercase() || next_is_small);
        if starts || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(path: &str) -> Option<&'static str> {
        group_of(path).unwrap().map(|group| group.id.as_str())
    }

    #[test]
    fn secrets_by_any_spelling() {
        for (id, names) in [
            (
                "password",
                "密码 支付密码 交易密碼 登录口令 password payPassword PAY_PASSWORD pay-password pay.password loginPwd \
                 ｐａｓｓｗｏｒｄ p\u{200b}assword 密\u{200d}码 user.password.hash passwordHash 密码摘要 pin PIN cardPin card_pin \
                 pinBlock passcode 手势密码 userPasswd",
            ),
            (
                "one-time-code",
                "验证码 短信验证码 驗證碼 动态码 otp OTP otpCode OTPCode sms_otp totp smsCode SMS-CODE verifyCode \
                 verificationCode captcha 图形验证码 短信校验码",
            ),
            (
                "card-verification",
                "CVV cvv2 CVN2 cvn cardCvv card.cvc 安全码 卡片安全码 cvc2 CVC securityCode",
            ),
            (
                "card-expiry",
                "有效期 卡有效期 卡片有效期 银行卡.有效期 cardExpiry card.expiry card_exp_date expiry validThru",
            ),
            ("card-track", "磁道 二磁道数据 track2 trackData card.track1"),
            (
                "biometric",
                "指纹 人脸 指纹.data 人脸图像 人脸特征值 faceImage face_template fingerprintTemplate 声纹 声纹样本 irisTemplate \
                 face 活体视频 biometric.sample voiceprint",
            ),
            ("secret-key", "私钥 privateKey user.private_key 助记词 secretKey"),
        ] {
            for name in names.split_whitespace() {
                assert_eq!(refused(name), Some(id), "{name}");
            }
        }
        assert_eq!(refused("sms code"), Some("one-time-code"), "spaces do not hide it");
    }

    #[test]
    fn harmless_names_stay() {
        for name in "设备指纹 设备.指纹 deviceFingerprint device.fingerprint 证书指纹 GPS 姓名 身份证号 证件有效期 授权有效期 \
                     consent.validUntil 合同.有效期 laptop option shipping spinner opinion 商用密码算法 idCard.expiry 地址 surface \
                     interface typeface faceValue 面值 回单验证码 trackingNo 物流轨迹 安全等级 人脸识别结果 key keyId \
                     签名密钥指纹 companyPhone captain"
            .split_whitespace()
        {
            assert_eq!(refused(name), None, "{name}");
        }
        assert_eq!(refused(""), None);
        assert_eq!(refused("..."), None);
    }

    #[test]
    fn the_words_are_in_normal_form() {
        let mut ids = Vec::new();
        for group in groups().unwrap() {
            assert!(!group.zh.is_empty() && !group.en.is_empty());
            ids.push(group.id.as_str());
            for word in
                [&group.contains, &group.words, &group.segments, &group.exact, &group.except]
                    .into_iter()
                    .flatten()
            {
                assert_eq!(&normal(word), word, "{word} would never match");
                assert!(word.chars().count() > 1, "{word} is too short");
            }
        }
        let mut unique = ids.clone();
        unique.dedup();
        assert_eq!(ids, unique);
    }

    #[test]
    fn the_error_names_the_field_only() {
        let error = group_of("pay.password").unwrap().unwrap().refuse("pay.\u{202e}password");
        assert_eq!(error.code(), ErrorCode::RefusedField);
        assert!(error.context().contains("pay.password"));
    }
}
