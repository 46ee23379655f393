//! Creates verifiers, and verifies complete requests in a single call.

use std::sync::Arc;

use sealwire_core::client;
use sealwire_core::replay::ReplayStore;
use sealwire_host::{SenderConfig, Verifier, VerifierConfig, clock_conflict, clock_ms, is_enabled};

use crate::error::{Code, Result, explained};
use crate::memory::{call, cut, milliseconds, utf8};
use crate::objects::{self, Object};
use crate::shared::parts::with_request;
use crate::shared::verdict::verdict;
use crate::values::Properties;

/// Creates a verifier from settings (see [`config`]). `table` is 0 if the JavaScript code claims the nonces in
/// a store. `modes` is 0 if the verifier does not share its modes. `has_clock` is 1 if the application supplies
/// a clock. The caller then passes its time to the other functions.
#[unsafe(no_mangle)]
extern "C" fn sealwire_verifier(ring: u32, table: u32, modes: u32, has_clock: u32) -> i32 {
    call(|input, _| {
        let shared = (modes > 0).then(|| objects::modes(modes)).transpose()?;
        let store = (table > 0).then(|| objects::table(table)).transpose()?;
        let store = store.map(|table| table as Arc<dyn ReplayStore>);
        let config = VerifierConfig { modes: shared, ..config(Properties::parse(input)?)? };
        let (policy, modes) = config.into_parts().map_err(|cause| explained(&cause))?;
        let verifier = Verifier::new(policy, objects::ring(ring)?, store).under(modes);
        let verifier = if has_clock > 0 { verifier.at_other_times() } else { Ok(verifier) };
        let verifier = verifier.map_err(|cause| explained(&cause))?;
        verifier.check().map_err(|cause| explained(&cause))?;
        objects::put(Object::Verifier(Arc::new(verifier)))
    })
}

/// Writes the warnings about a verifier's settings, each followed by a line break.
#[unsafe(no_mangle)]
extern "C" fn sealwire_verifier_warnings(verifier: u32) -> i32 {
    call(|_, output| {
        for warning in objects::verifier(verifier)?.warnings() {
            output.extend_from_slice(warning.as_bytes());
            output.push(b'\n');
        }
        Ok(0)
    })
}

/// Returns the modes of a verifier.
#[unsafe(no_mangle)]
extern "C" fn sealwire_modes_of(verifier: u32) -> i32 {
    call(|_, _| objects::put(Object::Modes(Arc::clone(objects::verifier(verifier)?.modes()))))
}

/// Verifies a complete request, and writes the verdict. The input contains the head and the body.
#[unsafe(no_mangle)]
extern "C" fn sealwire_verify(verifier: u32, head: usize, fields: u32, body: usize, now_ms: f64) -> i32 {
    call(|input, output| {
        let verifier = objects::verifier(verifier)?;
        let [head, body] = cut(input, [head, body])?;
        with_request(&verifier, head, fields, |request, route| {
            let result = verifier.verify_routed(request, route, body, milliseconds(now_ms));
            output.extend_from_slice(verdict(&result).as_bytes());
        });
        Ok(0)
    })
}

/// Returns 1 if the request with this head needs no signature.
#[unsafe(no_mangle)]
extern "C" fn sealwire_is_exempt(verifier: u32, head: usize, fields: u32) -> i32 {
    call(|input, _| {
        let verifier = objects::verifier(verifier)?;
        let [head] = cut(input, [head])?;
        let is_exempt = with_request(&verifier, head, fields, |request, route| {
            verifier.policy().exempts_request(request, route)
        });
        Ok(is_exempt.into())
    })
}

/// Returns 1 if a request is a health check from the local machine. The input contains the method, the target
/// and the peer address.
#[unsafe(no_mangle)]
extern "C" fn sealwire_is_local_health_check(method: usize, target: usize, peer: usize) -> i32 {
    call(|input, _| {
        let [method, target, peer] = cut(input, [method, target, peer])?;
        Ok(client::is_local_health_check(method, target, utf8(peer)?).into())
    })
}

/// Checks a time that the application's `clock` function returned. If the time is not valid, writes the error
/// message and returns 1. Otherwise returns 0.
#[unsafe(no_mangle)]
extern "C" fn sealwire_clock_fault(time: f64) -> i32 {
    call(|_, output| {
        let Err(fault) = clock_ms(time) else { return Ok(0) };
        output.extend_from_slice(fault.as_bytes());
        Ok(1)
    })
}

/// Writes the error message for a verifier that has both the `clock` setting and a replay store shared by
/// several isolates.
#[unsafe(no_mangle)]
extern "C" fn sealwire_clock_conflict() -> i32 {
    call(|_, output| {
        output.extend_from_slice(clock_conflict().to_string().as_bytes());
        Ok(0)
    })
}

/// Parses the value of `HMAC_AUTH_ENABLED`, and returns 1 for true and 0 for false.
#[unsafe(no_mangle)]
extern "C" fn sealwire_is_enabled() -> i32 {
    call(|input, _| Ok(is_enabled(Some(utf8(input)?)).map_err(|cause| Code::Config.error(cause))?.into()))
}

/// Writes the counters of a verifier. Each counter has three fields, each followed by a line break: the
/// outcome, the scheme or reason, and the count.
#[unsafe(no_mangle)]
extern "C" fn sealwire_stats(verifier: u32) -> i32 {
    call(|_, output| {
        let stats = objects::verifier(verifier)?.stats();
        let mut write = |outcome: &str, name: &str, count: u64| {
            let line = format!("{outcome}\n{name}\n{count}\n");
            output.extend_from_slice(line.as_bytes());
        };
        stats.accepted.iter().for_each(|(scheme, count)| write("accepted", scheme.name(), *count));
        stats.rejected.iter().for_each(|(reason, count)| write("rejected", reason.name(), *count));
        stats.observed.iter().for_each(|(reason, count)| write("observed", reason.name(), *count));
        Ok(0)
    })
}

fn config(mut options: Properties) -> Result<VerifierConfig> {
    Ok(VerifierConfig {
        service: options.text("service")?.unwrap_or_default(),
        schemes: options.texts("schemes")?,
        mode: options.text("mode")?,
        modes: None,
        observe_only: options.flag("observeOnly")?,
        past_ms: positive(&mut options, "pastMs")?,
        future_ms: positive(&mut options, "futureMs")?,
        max_body_bytes: positive(&mut options, "maxBodyBytes")?,
        trust_unsigned_user_id: options.flag("trustUnsignedUserId")?,
        claim_pairwise: options.flag("claimPairwise")?,
        ignore_authority: options.flag("ignoreAuthority")?,
        require_fields: options.texts("requireFields")?,
        listed_senders_only: options.flag("listedSendersOnly")?,
        accept_replays: false,
        max_sender_share: options.float("maxSenderShare")?,
        senders: options.objects("senders")?.into_iter().map(sender).collect::<Result<_>>()?,
        exempt_paths: options.texts("exemptPaths")?,
        authorities: options.texts("authorities")?,
        scheme: options.text("scheme")?,
        root_path: options.text("rootPath")?.unwrap_or_default(),
    })
}

fn sender(mut options: Properties) -> Result<SenderConfig> {
    Ok(SenderConfig {
        name: options.text("name")?.unwrap_or_default(),
        mode: options.text("mode")?,
        methods: options.texts("methods")?,
        path_prefixes: options.texts("pathPrefixes")?,
    })
}

fn positive(options: &mut Properties, name: &str) -> Result<Option<u64>> {
    let read = |value| {
        u64::try_from(value).map_err(|_| Code::Config.error(format_args!("{name}: must not be negative")))
    };
    options.whole(name)?.map(read).transpose()
}
