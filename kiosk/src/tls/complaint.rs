//! Why a TLS handshake failed, out of the error of whoever asked for it.

use std::error::Error;

/// What rustls said, if TLS is why `error` came.
pub fn complaint<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    let mut cause = Some(error);
    while let Some(now) = cause {
        if let Some(found) = now.downcast_ref::<rustls::Error>() {
            return Some(found);
        }
        // An I/O error hands out its inner error's cause, and not the inner error.
        let inner = now.downcast_ref::<std::io::Error>();
        let inner = inner.and_then(std::io::Error::get_ref);
        cause = match inner {
            Some(inner) => Some(inner),
            None => now.source(),
        };
    }
    None
}
