//! Who carries a message: an e-mail server, or a folder.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::response::Code;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::route::{Route, Safety, Server};

/// Who carries messages, and from whom they are.
#[derive(Clone, Debug)]
pub struct Courier {
    way: Way,
    pub(crate) from: Mailbox,
    /// The longest that one message may take.
    patience: Duration,
}

#[derive(Clone, Debug)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Undelivered {
    /// There is nobody at the address: trying again makes no sense.
    #[error("{0}")]
    NoSuchReader(String),
    /// It may be better later.
    #[error("{0}")]
    Later(String),
}

/// No courier can be had.
#[derive(Debug, thiserror::Error)]
pub enum NoCourier {
    /// The sender's address is none.
    #[error("`{0}` is no e-mail address; give for instance \"IMDi <survey@example.no>\"")]
    From(String),
    /// TLS could not be made ready.
    #[error("TLS cannot be used: {0}")]
    Tls(#[from] lettre::transport::smtp::Error),
    /// A user without a password, or the other way round.
    #[error(
        "a user and a password belong together: the user stands in --mail smtp://USER@HOST, the \
         password in the environment variable RUNDE_MAIL_PASSWORD"
    )]
    Credentials,
}

/// The longest that a message may take, unless the caller says otherwise. It is shorter than the
/// first pause of a letter, so that nobody takes a sender at work for dead.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

impl Courier {
    /// Returns a courier for messages from `from`, which may hold a name: `IMDi <a@b.no>`.
    pub fn new(route: &Route, from: &str, password: Option<String>) -> Result<Courier, NoCourier> {
        let from = from.parse().map_err(|_| NoCourier::From(from.to_owned()))?;
        let way = match route {
            Route::Smtp(server) => Way::Smtp(smtp(server, password)?),
            Route::Folder(folder) => Way::Folder(folder.clone()),
        };
        Ok(Courier { way, from, patience: PATIENCE })
    }

    /// Returns the same courier with another patience.
    pub fn patient_for(self, patience: Duration) -> Courier {
        Courier { patience, ..self }
    }

    /// Carries a message; `name` is what its file is called in a folder.
    pub(crate) async fn deliver(&self, name: &str, message: &Message) -> Result<(), Undelivered> {
        match &self.way {
            Way::Smtp(server) => self.send(server, message).await,
            Way::Folder(folder) => {
                let write = write_file(folder.join(format!("{name}.eml")), message.formatted());
                write.await.map_err(|error| {
                    Undelivered::Later(format!("cannot write into {}: {error}", folder.display()))
                })
            }
        }
    }

    async fn send(
        &self,
        server: &AsyncSmtpTransport<Tokio1Executor>,
        message: &Message,
    ) -> Result<(), Undelivered> {
        // The client's own patience ends with the connection; a server may hang at any word.
        match tokio::time::timeout(self.patience, server.send(message.clone())).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(why(&error)),
            Err(_) => {
                let seconds = self.patience.as_secs();
                Err(Undelivered::Later(format!(
                    "the e-mail server did not answer within {seconds} seconds"
                )))
            }
        }
    }
}

fn smtp(
    server: &Server,
    password: Option<String>,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, NoCourier> {
    let tls = || TlsParameters::new(server.host.clone());
    let safety = match server.safety {
        Safety::Tls => Tls::Wrapper(tls()?),
        Safety::StartTls => Tls::Required(tls()?),
        Safety::Loopback => Tls::None,
    };
    let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host.as_str())
        .port(server.port)
        .tls(safety);
    match (&server.user, password) {
        (Some(user), Some(password)) => {
            Ok(builder.credentials(Credentials::new(user.clone(), password)).build())
        }
        (None, None) => Ok(builder.build()),
        (Some(_), None) | (None, Some(_)) => Err(NoCourier::Credentials),
    }
}

fn why(error: &lettre::transport::smtp::Error) -> Undelivered {
    let text = error.to_string();
    match error.status() {
        Some(code) if error.is_permanent() && is_about_reader(code) => {
            Undelivered::NoSuchReader(text)
        }
        Some(_) | None => Undelivered::Later(text),
    }
}

/// Whether a permanent refusal is about whom the message is for. Others are about us, a password
/// or a rule of the server's, and somebody may set them right.
fn is_about_reader(code: Code) -> bool {
    matches!(u16::from(code), 550 | 551 | 553 | 556 | 501 | 513)
}

/// Writes a file whole or not at all.
async fn write_file(path: PathBuf, bytes: Vec<u8>) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    let beside = path.with_extension("part");
    tokio::fs::write(&beside, bytes).await?;
    tokio::fs::rename(&beside, &path).await
}
