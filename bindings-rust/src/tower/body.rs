//! The bodies of requests to the application and of responses to the caller.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};

use crate::gate::{Arriving, Gone};

/// The body of an accepted request: the parts that were verified, and the remaining parts if the signature
/// does not cover the body.
///
/// ```
/// use http_body::Body;
/// use sealwire::tower::VerifiedBody;
///
/// let body = VerifiedBody::unread(String::from("{}"));
/// assert_eq!(body.size_hint().exact(), Some(2));
/// ```
#[derive(Debug)]
pub struct VerifiedBody<B> {
    read: VecDeque<Bytes>,
    /// The part that is not read yet; `None` after the end.
    rest: Option<Pin<Box<B>>>,
    /// Trailers arrive after verification, so a verified request has none.
    has_trailers: bool,
}

impl<B> VerifiedBody<B> {
    /// Creates a body of which no part was read.
    pub fn unread(body: B) -> Self {
        Self { read: VecDeque::new(), rest: Some(Box::pin(body)), has_trailers: true }
    }

    pub(super) fn put_back(mut self, read: Vec<Bytes>) -> Self {
        self.read = read.into();
        self
    }

    pub(super) fn without_trailers(self) -> Self {
        Self { has_trailers: false, ..self }
    }
}

impl<B: Body> Body for VerifiedBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        if let Some(chunk) = self.read.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(chunk))));
        }
        loop {
            let Some(rest) = &mut self.rest else { return Poll::Ready(None) };
            let frame = match ready!(rest.as_mut().poll_frame(context)) {
                Some(Ok(frame)) => frame.map_data(|mut data| data.copy_to_bytes(data.remaining())),
                other => {
                    self.rest = None;
                    return Poll::Ready(other.map(|failed| failed.map(|_| Frame::data(Bytes::new()))));
                }
            };
            if frame.is_data() || self.has_trailers {
                return Poll::Ready(Some(Ok(frame)));
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.read.is_empty() && self.rest.as_ref().is_none_or(|rest| rest.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        let read = self.read.iter().map(|chunk| u64::try_from(chunk.len()).unwrap_or(u64::MAX)).sum::<u64>();
        let rest = self.rest.as_ref().map_or(SizeHint::with_exact(0), |rest| rest.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(read));
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper.saturating_add(read));
        }
        hint
    }
}

impl<B: Body> Arriving for VerifiedBody<B> {
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Gone>>> {
        loop {
            let Some(rest) = &mut self.rest else { return Poll::Ready(None) };
            match ready!(rest.as_mut().poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let Ok(mut data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data.copy_to_bytes(data.remaining()))));
                    }
                }
                Some(Err(_)) => return Poll::Ready(Some(Err(Gone))),
                None => {
                    self.rest = None;
                    return Poll::Ready(None);
                }
            }
        }
    }
}

/// The body of a response: that of the application, or the text of a rejection.
///
/// ```
/// use http_body::Body;
/// use sealwire::tower::ResponseBody;
///
/// let body: ResponseBody<String> = ResponseBody::from("Unauthorized");
/// assert_eq!(body.size_hint().exact(), Some(12));
/// ```
#[derive(Debug)]
pub struct ResponseBody<B>(Kind<B>);

#[derive(Debug)]
enum Kind<B> {
    Application(Pin<Box<B>>),
    Text(Option<Bytes>),
}

impl<B> ResponseBody<B> {
    pub(super) fn application(body: B) -> Self {
        Self(Kind::Application(Box::pin(body)))
    }
}

impl<B> From<&'static str> for ResponseBody<B> {
    fn from(text: &'static str) -> Self {
        Self(Kind::Text(Some(Bytes::from_static(text.as_bytes())).filter(|text| !text.is_empty())))
    }
}

impl<B: Body<Data: From<Bytes>>> Body for ResponseBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        match &mut self.0 {
            Kind::Application(body) => body.as_mut().poll_frame(context),
            Kind::Text(text) => Poll::Ready(text.take().map(|text| Ok(Frame::data(text.into())))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Application(body) => body.is_end_stream(),
            Kind::Text(text) => text.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Application(body) => body.size_hint(),
            Kind::Text(text) => {
                let length = text.as_ref().map_or(0, Bytes::len);
                SizeHint::with_exact(u64::try_from(length).unwrap_or(u64::MAX))
            }
        }
    }
}
