//! Tests individual hypotheses and combinations of hypotheses until one of them results in a valid MAC.

use core::cell::Cell;

use sealwire_core::{Policy, Scheme};

use super::bench::Bench;
use super::capture::Captured;
use super::hypotheses::{self, Case, Edit, Kind, likely_names, with_ports};
use super::result::Change;

/// The maximum number of hypotheses of one kind that are combined with hypotheses of another kind.
const COMBINED: usize = 40;
/// The same limit for the kind "path". It is higher because in most requests with two changes, one of them is
/// a changed path.
const COMBINED_PATHS: usize = 100;
/// The maximum number of hypotheses of each kind in combinations of three.
const COMBINED_OF_THREE: usize = 24;
/// The kinds whose hypotheses are combined with each other.
const MAY_COMBINE: [&str; 7] = ["path", "query", "host", "URL scheme", "method", "body", "headers"];

/// Changes that were proven by a valid MAC, and the request before these changes.
pub(super) struct Proof {
    pub(super) changes: Vec<Change>,
    pub(super) signed: Captured,
    pub(super) service: String,
}

/// The result of a search.
#[derive(Default)]
pub(super) struct Searched {
    pub(super) proof: Option<Proof>,
    /// The number of tested hypotheses of each kind.
    pub(super) tried: Vec<(&'static str, usize)>,
    /// Whether the search stopped early because the capture is large.
    pub(super) is_cut: bool,
}

pub(super) struct Search<'s, 'k> {
    pub(super) bench: &'s Bench<'k>,
    pub(super) case: &'s Case<'s>,
    policy: Policy,
    /// The captured request. It contains the body only if the MAC covers the body directly.
    bare: Captured,
    /// The remaining MAC budget in bytes. The budget ensures that the search takes at most a few seconds for
    /// a large capture.
    remaining: Cell<usize>,
}

/// The MAC budget for one capture: the maximum total length in bytes of the inputs whose MACs are computed.
const MOST_BYTES: usize = 256 << 20;
/// The additional MAC budget in bytes for the search for a port.
const MOST_BYTES_OF_PORTS: usize = 256 << 20;

impl<'s, 'k> Search<'s, 'k> {
    pub(super) fn new(bench: &'s Bench<'k>, case: &'s Case<'s>) -> Self {
        let mut bare = Captured { body: None, ..case.request.clone() };
        if case.scheme == Scheme::Pairwise {
            bare.body.clone_from(&case.request.body);
        }
        Self { bench, case, policy: bench.lenient(case.service), bare, remaining: Cell::new(MOST_BYTES) }
    }

    /// Tests the hypotheses one by one and then in combinations, starting with the most likely ones.
    pub(super) fn run(&self) -> Searched {
        let kinds = hypotheses::all(self.case);
        let mut tried: Vec<_> = kinds.iter().map(|kind| (kind.name, kind.edits.len())).collect();
        let single = kinds.iter().flat_map(|kind| &kind.edits).find_map(|edit| self.proof(&[edit]));
        let proof = single.or_else(|| self.other_secret()).or_else(|| {
            self.pairs(&kinds, &mut tried).or_else(|| self.threes(&kinds)).or_else(|| self.ports(&mut tried))
        });
        Searched { proof, tried, is_cut: self.is_cut() }
    }

    /// Subtracts the cost of one MAC from the remaining budget. Returns `None` if the budget is exhausted.
    fn spend(&self) -> Option<()> {
        self.remaining.set(self.remaining.get().checked_sub(self.cost())?);
        Some(())
    }

    /// Returns the cost of one MAC: the approximate number of bytes that it covers.
    fn cost(&self) -> usize {
        let request = self.case.request;
        let body = request.body.as_ref().map(Vec::len).filter(|_| self.case.scheme == Scheme::Pairwise);
        let headers: usize = request.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        request.target.len() + headers + body.unwrap_or_default()
    }

    /// Returns `true` if the search stopped early.
    fn is_cut(&self) -> bool {
        self.spend().is_none()
    }

    /// Tests whether the request was signed with another key in the key ring, or with another version of its
    /// key.
    fn other_secret(&self) -> Option<Proof> {
        for _ in self.case.ring.names() {
            self.spend()?;
        }
        let (name, version) = self.bench.signer(self.case.request, &self.policy)?;
        let reading = self.bench.read(self.case.request, &self.policy).ok()?;
        let change = if name == reading.key {
            let named = reading
                .key_version
                .map_or_else(String::new, |named| format!(", but the request specifies version {named}"));
            Change {
                culprit: "key version",
                sentence: format!("it was signed with the secret of version {version}{named}"),
            }
        } else {
            Change {
                culprit: "pair",
                sentence: format!(
                    "it was signed with the secret of {name}: the sender's configuration has the wrong pair or secret"
                ),
            }
        };
        Some(Proof {
            changes: vec![change],
            signed: self.case.request.clone(),
            service: self.case.service.to_owned(),
        })
    }

    /// Tests combinations of two changes.
    fn pairs(&self, kinds: &[Kind], tried: &mut Vec<(&'static str, usize)>) -> Option<Proof> {
        let may = |kind: &&Kind| MAY_COMBINE.contains(&kind.name);
        let mut count = 0;
        for (at, one) in kinds.iter().enumerate().filter(|(_, kind)| may(kind)) {
            for other in kinds.iter().skip(at + 1).filter(may) {
                let combined = if one.name == "path" { COMBINED_PATHS } else { COMBINED };
                for first in one.edits.iter().take(combined) {
                    for second in other.edits.iter().take(COMBINED) {
                        count += 1;
                        if let Some(proof) = self.proof(&[first, second]) {
                            return Some(proof);
                        }
                    }
                }
            }
        }
        tried.push(("two changes", count));
        None
    }

    /// Tests combinations of three changes. Only combinations of the host, the path, and either the query or
    /// the URL scheme are tested, because many proxies rewrite all three.
    fn threes(&self, kinds: &[Kind]) -> Option<Proof> {
        let of = |name: &str| {
            let kind = kinds.iter().find(|kind| kind.name == name);
            kind.map(|kind| kind.edits.as_slice()).unwrap_or_default().iter().take(COMBINED_OF_THREE)
        };
        for host in of("host") {
            for path in of("path") {
                for query in of("query").chain(of("URL scheme")) {
                    if let Some(proof) = self.proof(&[host, path, query]) {
                        return Some(proof);
                    }
                }
            }
        }
        None
    }

    /// Tests all ports of the host names that the sender probably used.
    fn ports(&self, tried: &mut Vec<(&'static str, usize)>) -> Option<Proof> {
        let arrived = self.case.request.header("host")?;
        if self.case.scheme != Scheme::Message {
            return None;
        }
        let mut marked = self.case.request.clone();
        const MARK: &str = "sealwire-host.invalid:1";
        marked.set_header("host", Some(MARK));
        let names = likely_names(self.case);
        let input = self.bench.read(&marked, &self.policy).ok()?.input;
        let most = MOST_BYTES_OF_PORTS / input.len().max(1);
        let mut count = 0;
        let found = self.bench.replacing(&marked, &self.policy, MARK, |is_proven| {
            for name in &names {
                for port in 1..=u16::MAX {
                    if count >= most {
                        return None;
                    }
                    count += 1;
                    let host = format!("{name}:{port}");
                    if is_proven(&host) {
                        return Some(host);
                    }
                }
            }
            None
        });
        if count > 0 {
            tried.push(("ports", count));
        }
        self.proof(&[&with_ports(arrived, &found??)])
    }

    /// Reverts the changes and recomputes the MAC. Returns `None` if the MAC is still invalid.
    fn proof(&self, edits: &[&Edit]) -> Option<Proof> {
        self.spend()?;
        let mut signed = self.bare.clone();
        let mut service = self.case.service.to_owned();
        edits.iter().for_each(|edit| edit.apply(&mut signed, &mut service));
        let is_proven = if service == self.case.service {
            self.bench.is_proven(&signed, &self.policy)
        } else {
            self.bench.is_proven(&signed, &self.bench.lenient(&service))
        };
        if !is_proven {
            return None;
        }
        if self.case.scheme != Scheme::Pairwise {
            signed.body.clone_from(&self.case.request.body);
        }
        let changes = edits.iter().map(|edit| edit.change.clone()).collect();
        Some(Proof { changes, signed, service })
    }
}

/// Searches for a hypothesis that restores the signed body. Returns the change, and the request with the
/// restored body.
pub(super) fn signed_body(
    bench: &Bench<'_>,
    policy: &Policy,
    request: &Captured,
) -> Option<(Change, Captured)> {
    let reading = bench.read(request, policy).ok()?;
    hypotheses::bodies(request).into_iter().filter(Edit::is_of_body).find_map(|edit| {
        let mut signed = request.clone();
        edit.apply(&mut signed, &mut String::new());
        reading.body_check(&signed)?.ok().map(|()| (edit.change, signed))
    })
}
