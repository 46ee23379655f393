//! The bodies of requests to the application and of responses to the caller.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::gate::{Arriving, Gone};

pin_project! {
    /// The body of an accepted request, which returns the verified chunks first. If the signature does not
    /// cover the body, the remaining chunks follow.
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
        #[pin]
        rest: Rest<B>,
        // False for a verified request, because trailers are not verified.
        has_trailers: bool,
    }
}

pin_project! {
    /// The unread part of a body.
    #[derive(Debug)]
    #[project = RestProjection]
    enum Rest<B> {
        // The body was not polled yet, so it can be moved.
        Whole { #[pin] body: B },
        Begun { body: Pin<Box<B>> },
        Ended,
    }
}

impl<B> VerifiedBody<B> {
    /// Creates a body from which no chunk was read.
    pub fn unread(body: B) -> Self {
        Self { read: VecDeque::new(), rest: Rest::Whole { body }, has_trailers: true }
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
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let mut this = self.project();
        if let Some(chunk) = this.read.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(chunk))));
        }
        loop {
            let polled = match this.rest.as_mut().project() {
                RestProjection::Whole { body } => body.poll_frame(context),
                RestProjection::Begun { body } => body.as_mut().poll_frame(context),
                RestProjection::Ended => return Poll::Ready(None),
            };
            let frame = match ready!(polled) {
                Some(Ok(frame)) => frame.map_data(|mut data| data.copy_to_bytes(data.remaining())),
                Some(Err(error)) => {
                    this.rest.set(Rest::Ended);
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    this.rest.set(Rest::Ended);
                    return Poll::Ready(None);
                }
            };
            if frame.is_data() || *this.has_trailers {
                return Poll::Ready(Some(Ok(frame)));
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.read.is_empty()
            && match &self.rest {
                Rest::Whole { body } => body.is_end_stream(),
                Rest::Begun { body } => body.is_end_stream(),
                Rest::Ended => true,
            }
    }

    fn size_hint(&self) -> SizeHint {
        let read = self.read.iter().map(|chunk| u64::try_from(chunk.len()).unwrap_or(u64::MAX)).sum::<u64>();
        let rest = match &self.rest {
            Rest::Whole { body } => body.size_hint(),
            Rest::Begun { body } => body.size_hint(),
            Rest::Ended => SizeHint::with_exact(0),
        };
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
        self.rest = match std::mem::replace(&mut self.rest, Rest::Ended) {
            Rest::Whole { body } => Rest::Begun { body: Box::pin(body) },
            begun => begun,
        };
        loop {
            let Rest::Begun { body } = &mut self.rest else { return Poll::Ready(None) };
            match ready!(body.as_mut().poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let Ok(mut data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data.copy_to_bytes(data.remaining()))));
                    }
                }
                Some(Err(_)) => return Poll::Ready(Some(Err(Gone))),
                None => {
                    self.rest = Rest::Ended;
                    return Poll::Ready(None);
                }
            }
        }
    }
}

pin_project! {
    /// The body of a response, which is either the application's body or the text of a rejection.
    ///
    /// ```
    /// use http_body::Body;
    /// use sealwire::tower::ResponseBody;
    ///
    /// let body: ResponseBody<String> = ResponseBody::from("Unauthorized");
    /// assert_eq!(body.size_hint().exact(), Some(12));
    /// ```
    #[derive(Debug)]
    pub struct ResponseBody<B> {
        #[pin]
        kind: Kind<B>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = KindProjection]
    enum Kind<B> {
        Application { #[pin] body: B },
        Text { text: Option<Bytes> },
    }
}

impl<B> ResponseBody<B> {
    pub(super) fn application(body: B) -> Self {
        Self { kind: Kind::Application { body } }
    }
}

impl<B> From<&'static str> for ResponseBody<B> {
    fn from(text: &'static str) -> Self {
        let text = Some(Bytes::from_static(text.as_bytes())).filter(|text| !text.is_empty());
        Self { kind: Kind::Text { text } }
    }
}

impl<B: Body<Data: From<Bytes>>> Body for ResponseBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        match self.project().kind.project() {
            KindProjection::Application { body } => body.poll_frame(context),
            KindProjection::Text { text } => {
                Poll::Ready(text.take().map(|text| Ok(Frame::data(text.into()))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Application { body } => body.is_end_stream(),
            Kind::Text { text } => text.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Application { body } => body.size_hint(),
            Kind::Text { text } => {
                let length = text.as_ref().map_or(0, Bytes::len);
                SizeHint::with_exact(u64::try_from(length).unwrap_or(u64::MAX))
            }
        }
    }
}
