//! What the program needs of an executor: to run tasks, and TCP.
//!
//! The primitives of `sync-core` need nothing of it, so they do not appear here.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    panic::resume_unwind,
};

use futures_lite::{AsyncRead, AsyncWrite};
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt as _, TokioAsyncWriteCompatExt as _};

/// An executor with its sockets, which speak the traits of `futures-io`.
pub(crate) trait Runtime: 'static {
    type Listener: Send + 'static;
    type Reader: AsyncRead + Unpin + Send + 'static;
    type Writer: AsyncWrite + Unpin + Send + 'static;

    fn block_on<F: Future>(&self, main: F) -> F::Output;

    /// Starts a task. The future that is returned yields what the task does.
    fn spawn<F>(&self, task: F) -> impl Future<Output = F::Output>
    where
        F: Future<Output: Send> + Send + 'static;

    /// Listens on a port that only this machine can reach.
    async fn listen(&self, port: u16) -> io::Result<Self::Listener>;

    fn address(listener: &Self::Listener) -> io::Result<SocketAddr>;

    /// Accepts one connection. `Send`, because the server is a task.
    fn accept(
        listener: Self::Listener,
    ) -> impl Future<Output = io::Result<(Self::Reader, Self::Writer)>> + Send;

    async fn connect(&self, address: SocketAddr) -> io::Result<(Self::Reader, Self::Writer)>;
}

pub(crate) struct Tokio(tokio::runtime::Runtime);

impl Tokio {
    pub(crate) fn new() -> io::Result<Self> {
        tokio::runtime::Builder::new_multi_thread().enable_io().build().map(Self)
    }

    fn halves(
        stream: tokio::net::TcpStream,
    ) -> io::Result<(<Self as Runtime>::Reader, <Self as Runtime>::Writer)> {
        // Frames are collected before they are written: there is nothing for the kernel to wait for.
        stream.set_nodelay(true)?;
        let (reader, writer) = stream.into_split();
        Ok((reader.compat(), writer.compat_write()))
    }
}

impl Runtime for Tokio {
    type Listener = tokio::net::TcpListener;
    type Reader = Compat<tokio::net::tcp::OwnedReadHalf>;
    type Writer = Compat<tokio::net::tcp::OwnedWriteHalf>;

    fn block_on<F: Future>(&self, main: F) -> F::Output {
        self.0.block_on(main)
    }

    fn spawn<F>(&self, task: F) -> impl Future<Output = F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let task = self.0.spawn(task);
        // No task is aborted here, so one without a result has panicked.
        async { task.await.unwrap_or_else(|error| resume_unwind(error.into_panic())) }
    }

    async fn listen(&self, port: u16) -> io::Result<Self::Listener> {
        Self::Listener::bind((Ipv4Addr::LOCALHOST, port)).await
    }

    fn address(listener: &Self::Listener) -> io::Result<SocketAddr> {
        listener.local_addr()
    }

    async fn accept(listener: Self::Listener) -> io::Result<(Self::Reader, Self::Writer)> {
        Self::halves(listener.accept().await?.0)
    }

    async fn connect(&self, address: SocketAddr) -> io::Result<(Self::Reader, Self::Writer)> {
        Self::halves(tokio::net::TcpStream::connect(address).await?)
    }
}

pub(crate) struct Smol;

impl Smol {
    fn halves(
        stream: smol::net::TcpStream,
    ) -> io::Result<(<Self as Runtime>::Reader, <Self as Runtime>::Writer)> {
        stream.set_nodelay(true)?;
        // Both are the same socket.
        Ok((stream.clone(), stream))
    }
}

impl Runtime for Smol {
    type Listener = smol::net::TcpListener;
    type Reader = smol::net::TcpStream;
    type Writer = smol::net::TcpStream;

    fn block_on<F: Future>(&self, main: F) -> F::Output {
        smol::block_on(main)
    }

    fn spawn<F>(&self, task: F) -> impl Future<Output = F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        smol::spawn(task)
    }

    async fn listen(&self, port: u16) -> io::Result<Self::Listener> {
        Self::Listener::bind((Ipv4Addr::LOCALHOST, port)).await
    }

    fn address(listener: &Self::Listener) -> io::Result<SocketAddr> {
        listener.local_addr()
    }

    async fn accept(listener: Self::Listener) -> io::Result<(Self::Reader, Self::Writer)> {
        Self::halves(listener.accept().await?.0)
    }

    async fn connect(&self, address: SocketAddr) -> io::Result<(Self::Reader, Self::Writer)> {
        Self::halves(smol::net::TcpStream::connect(address).await?)
    }
}
