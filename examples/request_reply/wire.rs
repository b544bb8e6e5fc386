//! What goes over the connection: frames of a length, a tag and a body.
//!
//! ```text
//! 0         4     6              6 + length
//! | length  | tag | body ...     |            length (of the body) and tag big-endian
//! ```

use std::io::{self, ErrorKind};

use futures_lite::{AsyncRead, AsyncReadExt as _};

/// No body is longer. A length that says otherwise comes from a peer that speaks something else.
pub(crate) const MAX_BODY: usize = 1 << 24;

const HEADER: usize = 6;
const READ_AT_ONCE: usize = 1 << 16;

/// Bytes that fit in a frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body<'a> {
    bytes: &'a [u8],
    len: u32,
}

impl<'a> Body<'a> {
    /// Returns `None` for more than [`MAX_BODY`] bytes.
    pub(crate) fn new(bytes: &'a [u8]) -> Option<Self> {
        let len = u32::try_from(bytes.len()).ok()?;
        (bytes.len() <= MAX_BODY).then_some(Self { bytes, len })
    }
}

/// Appends a frame.
pub(crate) fn put(to: &mut Vec<u8>, tag: u16, body: Body<'_>) {
    to.extend(body.len.to_be_bytes());
    to.extend(tag.to_be_bytes());
    to.extend(body.bytes);
}

/// The frames that come in from `R`.
#[derive(Debug)]
pub(crate) struct Frames<R> {
    from: R,
    buffer: Vec<u8>,
    /// `buffer[start..end]` has come in and was not taken yet.
    start: usize,
    end: usize,
}

impl<R: AsyncRead + Unpin> Frames<R> {
    pub(crate) fn new(from: R) -> Self {
        Self { from, buffer: Vec::new(), start: 0, end: 0 }
    }

    /// Waits until more has come in; returns `false` at the end of the connection.
    pub(crate) async fn fill(&mut self) -> io::Result<bool> {
        // What is left is less than a frame, so moving it costs little.
        self.buffer.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        if self.buffer.len() < self.end + READ_AT_ONCE {
            self.buffer.resize(self.end + READ_AT_ONCE, 0);
        }
        match self.from.read(&mut self.buffer[self.end..]).await? {
            0 if self.end == 0 => Ok(false),
            0 => Err(io::Error::new(ErrorKind::UnexpectedEof, "the connection ended inside a frame")),
            read => {
                self.end += read;
                Ok(true)
            }
        }
    }

    /// Takes the next frame, if all of it has come in.
    pub(crate) fn next(&mut self) -> io::Result<Option<(u16, &[u8])>> {
        let here = &self.buffer[self.start..self.end];
        let Some(([l0, l1, l2, l3, t0, t1], rest)) = here.split_first_chunk::<HEADER>() else {
            return Ok(None);
        };
        let tag = u16::from_be_bytes([*t0, *t1]);
        let len = usize::try_from(u32::from_be_bytes([*l0, *l1, *l2, *l3])).unwrap_or(usize::MAX);
        if len > MAX_BODY {
            return Err(io::Error::new(ErrorKind::InvalidData, "a frame is too long"));
        }
        let Some(body) = rest.get(..len) else { return Ok(None) };
        self.start += HEADER + len;
        Ok(Some((tag, body)))
    }
}
