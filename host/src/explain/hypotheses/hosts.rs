//! Hypotheses about the host and the URL scheme, which proxies often replace.

use super::{Case, Edit, What};

/// The headers that proxies use to forward the original host.
const ORIGINAL_HOSTS: [&str; 4] = ["x-forwarded-host", "x-original-host", "x-host", "x-forwarded-server"];
const PORTS: [u16; 16] =
    [80, 443, 8080, 8443, 3000, 3001, 4000, 5000, 5001, 8000, 8001, 8081, 8082, 8888, 9000, 9090];
/// The maximum number of hosts taken from headers.
const MOST_NAMES: usize = 16;
/// The maximum number of hosts taken from the input.
const MOST_GIVEN: usize = 64;
/// The maximum length in bytes of a host including its port.
const MOST_HOST_BYTES: usize = 260;
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Returns the hypotheses about the authority.
pub(super) fn hosts(case: &Case<'_>) -> Vec<Edit> {
    let host = case.request.header("host").unwrap_or_default();
    let port = port_of(case.request.header("x-forwarded-port").unwrap_or_default());
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: String| {
        if is_short(&name) && name != host && !names.contains(&name) {
            names.push(name);
        }
    };
    for name in told(case) {
        add(name.clone());
        if let Some(port) = port {
            add(format!("{}:{port}", without_port(&name)));
        }
    }
    let arrived = host.rsplit_once(':').and_then(|(_, digits)| port_of(digits));
    for name in host_names(case) {
        add(name.clone());
        arrived.iter().chain(&PORTS).for_each(|port| add(format!("{name}:{port}")));
    }
    names.into_iter().map(|name| edit(host, name)).collect()
}

fn edit(arrived: &str, signed: String) -> Edit {
    let advice =
        "configure the proxy to keep the Host header with its port, or exclude the authority on both sides";
    let arrived = if is_short(arrived) { arrived } else { "another" };
    let sentence =
        format!("the host was changed in transit: {signed} was signed, but {arrived} arrived; {advice}");
    Edit::new("authority", sentence, What::Authority(signed))
}

/// Returns the hosts given in the input and in headers, including their ports.
fn told(case: &Case<'_>) -> Vec<String> {
    let request = case.request;
    let headers = ORIGINAL_HOSTS.iter().filter_map(|name| request.header(name));
    let headers = headers.flat_map(|value| value.split(',')).map(str::trim).filter(|host| is_short(host));
    let headers = headers.take(MOST_NAMES).map(ToOwned::to_owned);
    let forwarded = request.header("forwarded").unwrap_or_default().split([';', ',']);
    let forwarded = forwarded.filter_map(|part| part.trim().strip_prefix("host="));
    let forwarded = forwarded.map(|host| host.trim_matches('"')).filter(|host| is_short(host));
    let forwarded = forwarded.take(MOST_NAMES).map(ToOwned::to_owned);
    let urls = ["origin", "referer"]
        .iter()
        .filter_map(|name| request.header(name))
        .map(|url| super::super::capture::text(crate::Url::split(url.as_bytes(), &[]).authority));
    let given = case
        .hosts
        .iter()
        .take(MOST_GIVEN)
        .map(|host| host.split("://").last().unwrap_or_default().to_owned());
    let all = given.chain(headers).chain(forwarded).chain(urls);
    all.map(|host| host.trim_end_matches('/').to_owned()).collect()
}

/// Returns the host names that the sender may have used to call the service, without ports.
pub(in super::super) fn host_names(case: &Case<'_>) -> Vec<String> {
    let host = case.request.header("host").unwrap_or_default();
    let service = case.service;
    let dashed = service.replace('_', "-");
    let told = told(case);
    let told = told.iter().map(|name| without_port(name).to_owned());
    let own = [service.to_owned(), dashed.clone(), format!("{dashed}.internal"), format!("{dashed}.local")];
    let cluster = [
        format!("{dashed}.default.svc.cluster.local"),
        format!("{dashed}.default.svc"),
        format!("{dashed}.default"),
    ];
    let local = LOCAL.iter().map(|name| (*name).to_owned());
    let mut names: Vec<String> = Vec::new();
    for name in
        core::iter::once(without_port(host).to_owned()).chain(told).chain(own).chain(local).chain(cluster)
    {
        if is_short(&name) && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Returns the host names for which all ports are tried.
pub(in super::super) fn likely_names(case: &Case<'_>) -> Vec<String> {
    let mut names = host_names(case);
    let own = names.len().min(1 + told(case).len().min(2));
    let local = LOCAL.iter().take(2).map(|name| (*name).to_owned());
    let others: Vec<String> = local.filter(|name| !names.iter().take(own).any(|held| held == name)).collect();
    names.truncate(own);
    names.extend(others);
    names
}

/// Returns the hypothesis that the host and port `signed` were replaced with `arrived`.
pub(in super::super) fn with_ports(arrived: &str, signed: &str) -> Edit {
    edit(arrived, signed.to_owned())
}

/// Returns `true` if the length of a host is plausible.
fn is_short(host: &str) -> bool {
    (1..=MOST_HOST_BYTES).contains(&host.len())
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    }
}

fn port_of(text: &str) -> Option<u16> {
    text.trim().parse().ok()
}

/// Returns hypotheses for a proxy that terminates TLS. Behind such a proxy, the verifier receives a different
/// URL scheme.
pub(super) fn schemes(case: &Case<'_>) -> Vec<Edit> {
    let others =
        ["https", "http"].into_iter().filter(|scheme| case.request.scheme.as_deref() != Some(scheme));
    let sentence = "the URL scheme was changed in transit: a proxy terminates TLS; on the verifier, set scheme to the URL scheme that senders use";
    others.map(|scheme| Edit::new("URL scheme", sentence, What::UrlScheme(scheme))).collect()
}
