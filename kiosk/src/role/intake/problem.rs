//! What goes wrong, as RFC 9457 says it.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An error answer. `detail` is for whoever connects the two systems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    code: &'static str,
    detail: &'static str,
    /// For the clerk, in Vietnamese: why this scan is refused.
    reason: Option<&'static str>,
}

impl Problem {
    pub(super) const BAD_REQUEST: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "bad-request",
        "The request cannot be read: the body must be one JSON object, `after` and `before` what `next` gave.",
    );
    pub(super) const KEY_MISSING: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "key-missing",
        "The header Idempotency-Key must hold the scan's id: 1 to 128 visible ASCII characters.",
    );
    pub(super) const UNAUTHORIZED: Self = Self::new(
        StatusCode::UNAUTHORIZED,
        "unauthorized",
        "The token is missing or wrong. In a browser, give it as the password.",
    );
    pub(super) const NOT_FOUND: Self = Self::new(
        StatusCode::NOT_FOUND,
        "not-found",
        "There is nothing at this address.",
    );
    pub(super) const METHOD_NOT_ALLOWED: Self = Self::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "This address does not know this method.",
    );
    pub(super) const TOO_SLOW: Self = Self::new(
        StatusCode::REQUEST_TIMEOUT,
        "too-slow",
        "The body did not arrive in time.",
    );
    pub(super) const TOO_LARGE: Self = Self::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
        "The body is larger than any scan.",
    );
    pub(super) const UNSUPPORTED_TYPE: Self = Self::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-type",
        "The body must be application/json.",
    );
    pub(super) const STORE_FAILED: Self = Self::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "store-failed",
        "The store cannot be read or written, perhaps the disk is full. Nothing was taken; try again later.",
    );

    const fn new(status: StatusCode, code: &'static str, detail: &'static str) -> Self {
        Self {
            status,
            code,
            detail,
            reason: None,
        }
    }

    /// 422: this scan as it is will never be taken.
    pub(super) const fn refused(
        code: &'static str,
        detail: &'static str,
        reason: &'static str,
    ) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code,
            detail,
            reason: Some(reason),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason(),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
        });
        if let Some(reason) = self.reason {
            body["reason"] = reason.into();
        }
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (self.status, kind, body.to_string()).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            for scheme in ["Bearer", "Basic realm=\"intake\", charset=\"UTF-8\""] {
                let scheme = header::HeaderValue::from_static(scheme);
                response
                    .headers_mut()
                    .append(header::WWW_AUTHENTICATE, scheme);
            }
        }
        response
    }
}
