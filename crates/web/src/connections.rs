//! Who is listened to, how long, and how many at a time: what `axum::serve` leaves open.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

/// How long a browser may take to say what it wants, from the moment that it is connected or has got its
/// last answer.
const HEAD_WITHIN: Duration = Duration::from_secs(30);

/// How many are connected at a time; others wait. It fits the 1,024 open files that most systems give a
/// program, with the databases beside.
const MOST: usize = 900;

/// How long to wait where no connection can be taken: files may have run out.
const BREATH: Duration = Duration::from_secs(1);

/// Serves until `shutdown` is done, then lets the requests under way finish.
pub(crate) async fn serve(
    pages: Router,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    serve_within(HEAD_WITHIN, pages, listener, shutdown).await
}

async fn serve_within(
    head_within: Duration,
    pages: Router,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let graceful = GracefulShutdown::new();
    let seats = Arc::new(Semaphore::new(MOST));
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, address, seat) = tokio::select! {
            () = &mut shutdown => break,
            taken = take(&listener, &seats) => taken,
        };
        // A page is answered in one piece, which is not to wait for more.
        let _ = stream.set_nodelay(true);
        let pages = pages.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(address));
            pages.clone().oneshot(request.map(Body::new))
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head_within)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // Whoever hangs up in the middle is nobody's mistake.
            let _ = connection.await;
            drop(seat);
        });
    }
    drop(listener);
    graceful.shutdown().await;
    Ok(())
}

/// Takes the next connection, when there is a seat for it.
async fn take(
    listener: &TcpListener,
    seats: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    let seat = Arc::clone(seats).acquire_owned().await.expect("nobody closes it");
    loop {
        match listener.accept().await {
            Ok((stream, address)) => return (stream, address, seat),
            Err(error) if hung_up(&error) => {}
            Err(error) => {
                tracing::error!("no connection can be taken: {error}");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// Whether whoever wanted to connect has gone already.
fn hung_up(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;
    use tokio::time::timeout;

    use super::*;

    /// Serves a page on a free port.
    async fn served(
        within: Duration,
    ) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<io::Result<()>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let pages = Router::new().route("/", get(async || "Hei"));
        let stopped = async { drop(stopped.await) };
        (address, stop, tokio::spawn(serve_within(within, pages, listener, stopped)))
    }

    #[tokio::test]
    async fn an_idle_connection_does_not_keep_the_server_and_a_used_one_is_answered() {
        let (address, stop, server) = served(HEAD_WITHIN).await;
        let mut used = TcpStream::connect(address).await.unwrap();
        let idle = TcpStream::connect(address).await.unwrap();
        for _ in 0..2 {
            used.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
            let mut read = [0; 512];
            let length = used.read(&mut read).await.unwrap();
            let answer = String::from_utf8_lossy(&read[..length]);
            assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("Hei"), "{answer}");
        }
        stop.send(()).unwrap();
        timeout(Duration::from_secs(5), server).await.unwrap().unwrap().unwrap();
        drop(idle);
    }

    #[tokio::test]
    async fn whoever_does_not_say_what_they_want_is_not_waited_for() {
        let (address, stop, server) = served(Duration::from_millis(200)).await;
        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(b"GET / HTTP/1.1\r\nhost: ").await.unwrap();
        let mut said = vec![];
        // It ends, with a word or without.
        let ended = timeout(HEAD_WITHIN / 2, slow.read_to_end(&mut said)).await;
        assert!(ended.is_ok(), "the server still waits");
        drop(stop);
        server.await.unwrap().unwrap();
    }
}
