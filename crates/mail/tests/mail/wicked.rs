//! E-mail servers that are not well: they hang, refuse, or die in the middle.

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What is wrong with a server.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Manner {
    /// It greets, and says nothing more.
    Hangs,
    /// It closes the connection in the middle of the letter.
    DiesInTheMiddle,
    /// It has no time now.
    Busy,
    /// It takes no mail from us.
    LockedOut,
    /// It knows nobody at the address.
    Refuses,
}

pub(crate) struct Wicked {
    pub(crate) port: u16,
    task: tokio::task::JoinHandle<()>,
}

impl Wicked {
    pub(crate) async fn start(manner: Manner) -> Wicked {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, manner));
            }
        });
        Wicked { port, task }
    }
}

impl Drop for Wicked {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Speaks to a client until it leaves or the manner says so.
async fn serve(mut stream: TcpStream, manner: Manner) -> Option<()> {
    let (reader, mut writer) = stream.split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 post.example ESMTP\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let word = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match (word.as_str(), manner) {
            (_, Manner::Hangs) => continue,
            ("MAIL", Manner::Busy) => "450 come back later",
            ("MAIL", Manner::LockedOut) => "554 5.7.1 no mail from you",
            ("RCPT", Manner::Refuses) => "550 5.1.1 no such user",
            ("DATA", Manner::DiesInTheMiddle) => {
                writer.write_all(b"354 go on\r\n").await.ok()?;
                lines.next_line().await.ok()?;
                return None;
            }
            ("QUIT", _) => "221 bye",
            _ => "250 fine",
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
    Some(())
}
