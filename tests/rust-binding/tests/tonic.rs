//! Tests for the tower layer with a tonic gRPC server.

use std::convert::Infallible;
use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use sealwire::tower::VerifyLayer;
use sealwire::{Identity, Scheme};
use sealwire_rust_binding_tests::{Failure, keys, practices, send, signer};
use tokio::net::TcpListener;
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

/// A gRPC service that responds to a unary call with the sender's name and the size of the message.
#[derive(Clone)]
struct Echo;

impl NamedService for Echo {
    const NAME: &'static str = "tests.Echo";
}

impl tower::Service<Request<Body>> for Echo {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(async move {
            let sender = request.extensions().get::<Identity>().map(|identity| identity.sender.clone());
            let message = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            let text = format!("{} sent {} bytes", sender.unwrap_or_default(), message.len());
            let response =
                Response::builder().header("content-type", "application/grpc").header("grpc-status", "0");
            Ok(response.body(Body::new(http_body_util::Full::new(Bytes::from(text)))).unwrap_or_default())
        })
    }
}

async fn serve() -> Result<SocketAddr, Failure> {
    let layer = VerifyLayer::new(practices(&keys()?)?.build()?);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = Server::builder().layer(layer).add_service(Echo);
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
    Ok(address)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unary_call_is_verified() -> Result<(), Failure> {
    let address = serve().await?;
    // A gRPC message: the flag 0 for no compression, the length, and five bytes of data.
    let message = Bytes::from_static(b"\0\0\0\0\x05hello");
    let call = || -> Result<_, Failure> {
        let request = Request::post(format!("http://{address}/tests.Echo/Say"));
        Ok(request
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .body(message.clone())?)
    };
    let signed = signer(&keys()?, Scheme::Message)?.sign(call()?)?;
    assert_eq!(send(signed.clone(), true).await?.body(), "agent sent 10 bytes");
    let mut changed = signer(&keys()?, Scheme::Message)?.sign(call()?)?;
    *changed.body_mut() = Bytes::from_static(b"\0\0\0\0\x05jello");
    for rejected in [signed, changed, call()?] {
        // gRPC clients report this status as UNAUTHENTICATED.
        assert_eq!(send(rejected, true).await?.status(), StatusCode::UNAUTHORIZED);
    }
    Ok(())
}
