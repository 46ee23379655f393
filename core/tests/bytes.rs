//! Tests of short text.

use sealwire_core::Text;

#[test]
fn short_text_is_shown_quoted_and_equals_its_like() {
    let text = |it: &str| Text::<8>::new(it).unwrap();
    assert_eq!(format!("{:?}", text("a\"b")), r#""a\"b""#);
    assert!(text("one") == text("one"));
    assert!(text("one") != text("two") && text("one") != text("on") && text("") != text("\0"));
}
