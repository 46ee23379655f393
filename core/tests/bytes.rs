//! Tests of short text and the counting sink.

use sealwire_core::Text;
use sealwire_core::sink::{Count, Sink as _};

#[test]
fn short_text_is_shown_quoted_and_equals_its_like() {
    let text = |it: &str| Text::<8>::new(it).unwrap();
    assert_eq!(format!("{:?}", text("a\"b")), r#""a\"b""#);
    assert!(text("one") == text("one"));
    assert!(text("one") != text("two") && text("one") != text("on") && text("") != text("\0"));
}

#[test]
fn a_count_includes_all_bytes_and_saturates() {
    let mut count = Count::default();
    count.put(b"abc");
    count.put(b"");
    count.put(b"de");
    assert_eq!(count.0, 5);
    count.0 = usize::MAX - 1;
    count.put(b"abc");
    assert_eq!(count.0, usize::MAX);
}
