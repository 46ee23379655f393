//! The names and constants that the core crate defines: headers, reasons, schemes and modes. The JavaScript
//! code reads them through this module, so it does not define them again.

use sealwire_core::mac::Mac;
use sealwire_core::{
    MAX_HEADERS, Mode, Reason, Scheme, UNKNOWN_TIME_MS, client, connection_string, message, pairwise,
};
use sealwire_host::settings::Value;
use sealwire_host::{FreshNonce, response};

use crate::memory::call;
use crate::shared::lines::SENT;
use crate::shared::verdict::AGES;

/// Writes all names and constants. The output has one line for each property of `Catalog` (`src/catalog.rs`). A line contains the
/// name and the values of the property, separated by tabs. Each reason has three values: code, number and
/// status.
#[unsafe(no_mangle)]
extern "C" fn sealwire_catalog() -> i32 {
    call(|_, output| {
        let mut write = |name: &str, values: &[&str]| {
            output.extend_from_slice(name.as_bytes());
            for value in values {
                output.push(b'\t');
                output.extend_from_slice(value.as_bytes());
            }
            output.push(b'\n');
        };
        let number = |number: usize| number.to_string();
        write("version", &[env!("CARGO_PKG_VERSION")]);
        write(
            "clientHeaders",
            &[client::CLIENT_ID, client::TIMESTAMP, client::REQUEST_ID, client::SIGNATURE],
        );
        write("clientSigned", &[client::CLIENT_ID, client::TIMESTAMP, client::SIGNATURE, client::REQUEST_ID]);
        write("clientSignedLengths", &[&number(2 * size_of::<Mac>()), &number(FreshNonce::LENGTH)]);
        write("ages", &[&AGES.to_string()]);
        write("maxHeaderParts", &[&number(2 * MAX_HEADERS)]);
        write("sent", &SENT);
        write(
            "pairwiseHeaders",
            &[pairwise::SERVICE_NAME, pairwise::TIMESTAMP, pairwise::SIGNATURE, pairwise::USER_ID],
        );
        write("messageHeaders", &[message::SIGNATURE_INPUT, message::SIGNATURE, message::CONTENT_DIGEST]);
        write("tokenHeader", &[connection_string::HEADER]);
        write("tokenFailedField", &[connection_string::FAILED_FIELD]);
        write("schemes", &Scheme::ALL.map(Scheme::name));
        write("clientScheme", &[Scheme::Client.name()]);
        write("pairwiseScheme", &[Scheme::Pairwise.name()]);
        write("modes", &Mode::ALL.map(Mode::name));
        for reason in Reason::ALL {
            let (number, status) = (reason.number().to_string(), reason.http_status().to_string());
            write("reasons", &[reason.name(), &number, &status]);
        }
        write("unknownSender", &[Reason::UnknownClient.name()]);
        write("challengedStatus", &[&Reason::MissingHeaders.http_status().to_string()]);
        write("unknownTime", &[&UNKNOWN_TIME_MS.to_string()]);
        write("challengeHeader", &[response::CHALLENGE]);
        write("cacheControlHeader", &[response::CACHE_CONTROL]);
        write("verifiedCacheControl", &[response::VERIFIED_CACHE_CONTROL]);
        write("rejectedCacheControl", &[response::REJECTED_CACHE_CONTROL]);
        write("settingMethods", &Value::METHODS);
        Ok(0)
    })
}
