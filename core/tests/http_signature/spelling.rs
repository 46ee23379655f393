//! Tests that a list of covered components is signed in canonical form, even if it was sent in another form.

use super::{REQUEST, base};
use sealwire_core::http_signature::base::Message;

/// Returns the list of covered components in the last line of the signature base.
fn signed(list: &str) -> String {
    let base = base(&format!("sig={list}"), &Message::Request(&REQUEST)).unwrap();
    base.split_once("\"@signature-params\": ").unwrap().1.to_owned()
}

#[test]
fn only_single_spaces_between_components_are_canonical() {
    for count in 0..4 {
        let components = ["\"@method\"", "\"@path\"", "\"@query\""].get(..count).unwrap_or_default();
        let canonical = format!("({})", components.join(" "));
        for (before, between, after) in
            (0..3).flat_map(|one| (1..3).flat_map(move |two| (0..3).map(move |three| (one, two, three))))
        {
            let [before, between, after] = [before, between, after].map(|spaces| " ".repeat(spaces));
            let sent = format!("({before}{}{after})", components.join(&between));
            assert_eq!(signed(&sent), canonical, "{sent}");
        }
    }
}

#[test]
fn parameters_are_written_in_canonical_form() {
    for (sent, canonical) in [
        (";a", ";a"),
        (";a=?1", ";a"),
        (";a=?0", ";a=?0"),
        ("; a=1", ";a=1"),
        (";a=07", ";a=7"),
        (";a=00", ";a=0"),
        (";a=0", ";a=0"),
        (";a=-0", ";a=0"),
        (";a=-7", ";a=-7"),
        (";a=-07", ";a=-7"),
        (";a=1.50", ";a=1.5"),
        (";a=@07", ";a=@7"),
        (";a=\"07\"", ";a=\"07\""),
        (";a=t;  b=?1;c", ";a=t;b;c"),
    ] {
        assert_eq!(signed(&format!("(){sent}")), format!("(){canonical}"));
    }
    for sent in ["\"date\";bs", "\"date\";bs=?1", "\"date\"; bs", "\"date\";  bs=?1"] {
        assert_eq!(signed(&format!("({sent})")), "(\"date\";bs)", "{sent}");
    }
}
