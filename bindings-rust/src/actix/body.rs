//! The body of an actix request. The verifier reads the body first, and the application then reads the same
//! bytes.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_core::Stream;

use crate::gate::{Arriving, Gone};

/// A request body that the server is receiving.
pub(super) struct Incoming(pub(super) Payload);

impl Arriving for Incoming {
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Gone>>> {
        match ready!(Pin::new(&mut self.0).poll_next(context)) {
            Some(Ok(chunk)) => Poll::Ready(Some(Ok(chunk))),
            Some(Err(_)) => Poll::Ready(Some(Err(Gone))),
            None => {
                self.0 = Payload::None;
                Poll::Ready(None)
            }
        }
    }
}

impl Incoming {
    /// Returns the body for the application, which consists of the chunks in `read` and the rest of the
    /// payload.
    pub(super) fn put_back(self, read: Vec<Bytes>) -> Payload {
        if read.is_empty() {
            return self.0;
        }
        let stream: Pin<Box<dyn Stream<Item = _>>> = Box::pin(Again { read: read.into(), rest: self.0 });
        Payload::from(stream)
    }
}

struct Again {
    read: VecDeque<Bytes>,
    rest: Payload,
}

impl Stream for Again {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.read.pop_front() {
            Some(chunk) => Poll::Ready(Some(Ok(chunk))),
            None => Pin::new(&mut self.rest).poll_next(context),
        }
    }
}
