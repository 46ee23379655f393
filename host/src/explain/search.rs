//! Tries hypotheses, one by one and together, until one is proven.

use core::cell::Cell;

use sealwire_core::{Policy, Scheme};

use super::bench::Bench;
use super::capture::Captured;
use super::hypotheses::{self, Case, Edit, Kind, likely_names, with_ports};
use super::result::Change;

/// The number of hypotheses of a kind that are combined with those of another kind.
const COMBINED: usize = 40;
/// Most requests with two changes have a changed path.
const COMBINED_PATHS: usize = 100;
const COMBINED_OF_THREE: usize = 24;
/// Pairs of these kinds are tried together.
const MAY_COMBINE: [&str; 7] = ["path", "query", "host", "URL scheme", "method", "body", "headers"];

/// A proven set of changes, and the request as it was signed.
pub(super) struct Proof {
    pub(super) changes: Vec<Change>,
    pub(super) signed: Captured,
    pub(super) service: String,
}

/// The result of a search.
#[derive(Default)]
pub(super) struct Searched {
    pub(super) proof: Option<Proof>,
    /// The number of tried hypotheses of each kind.
    pub(super) tried: Vec<(&'static str, usize)>,
    /// Whether the search ended early, because the capture is large.
    pub(super) is_cut: bool,
}

pub(super) struct Search<'s, 'k> {
    pub(super) bench: &'s Bench<'k>,
    pub(super) case: &'s Case<'s>,
    policy: Policy,
    /// The request, without a body that the MAC does not cover directly.
    bare: Captured,
    /// The number of bytes that may still be signed again, so that a large capture takes a few seconds at most.
    remaining: Cell<usize>,
}

/// The number of bytes that are signed again for a capture.
const MOST_BYTES: usize = 256 << 20;
/// The number of bytes that are signed again to find a port.
const MOST_BYTES_OF_PORTS: usize = 256 << 20;

impl<'s, 'k> Search<'s, 'k> {
    pub(super) fn new(bench: &'s Bench<'k>, case: &'s Case<'s>) -> Self {
        let mut bare = Captured { body: None, ..case.request.clone() };
        if case.scheme == Scheme::Pairwise {
            bare.body.clone_from(&case.request.body);
        }
        Self { bench, case, policy: bench.lenient(case.service), bare, remaining: Cell::new(MOST_BYTES) }
    }

    /// Tries all hypotheses, the most likely first.
    pub(super) fn run(&self) -> Searched {
        let kinds = hypotheses::all(self.case);
        let mut tried: Vec<_> = kinds.iter().map(|kind| (kind.name, kind.edits.len())).collect();
        let single = kinds.iter().flat_map(|kind| &kind.edits).find_map(|edit| self.proof(&[edit]));
        let proof = single.or_else(|| self.other_secret()).or_else(|| {
            self.pairs(&kinds, &mut tried).or_else(|| self.threes(&kinds)).or_else(|| self.ports(&mut tried))
        });
        Searched { proof, tried, is_cut: self.is_cut() }
    }

    /// Counts the bytes of one more MAC. Returns `None` if too many were signed again.
    fn spend(&self) -> Option<()> {
        self.remaining.set(self.remaining.get().checked_sub(self.cost())?);
        Some(())
    }

    /// Returns the number of bytes of the request that are signed.
    fn cost(&self) -> usize {
        let request = self.case.request;
        let body = request.body.as_ref().map(Vec::len).filter(|_| self.case.scheme == Scheme::Pairwise);
        let headers: usize = request.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        request.target.len() + headers + body.unwrap_or_default()
    }

    /// Returns `true` if the search ended early.
    fn is_cut(&self) -> bool {
        self.spend().is_none()
    }

    /// The right names with the secret of another entry or version.
    fn other_secret(&self) -> Option<Proof> {
        for _ in self.case.ring.names() {
            self.spend()?;
        }
        let (name, version) = self.bench.signer(self.case.request, &self.policy)?;
        let reading = self.bench.read(self.case.request, &self.policy).ok()?;
        let change = if name == reading.key {
            let named = reading
                .key_version
                .map_or_else(String::new, |named| format!(", but the request names version {named}"));
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

    /// Two changes at once.
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

    /// A proxy that rewrites the host, the path and the query, which is common.
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

    /// All ports of the hosts under which the service may have been called.
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

    /// Reverts changes and recomputes the MAC.
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

/// Returns the body as it was signed, if it is known.
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
