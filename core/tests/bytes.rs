//! Tests of `Text`.

use sealwire_core::Text;

#[test]
fn debug_output_is_quoted_and_equal_texts_are_equal() {
    let text = |it: &str| Text::<8>::new(it).unwrap();
    assert_eq!(format!("{:?}", text("a\"b")), r#""a\"b""#);
    assert!(text("one") == text("one"));
    assert!(text("one") != text("two") && text("one") != text("on") && text("") != text("\0"));
}
