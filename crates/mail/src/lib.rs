//! How we call: the only room that sends mail.
//!
//! What is sent lies in the store's outbox. [`run`] takes one letter at a time out of it, writes it
//! in its reader's language and gives it to a [`Courier`]: an e-mail server, or a folder. It is
//! told to the store how that went, and the store decides when to try again.

mod book;
mod courier;
mod route;
mod sender;
mod words;
mod write;

pub use book::{Book, Print, RoundBook};
pub use courier::{Courier, NoCourier};
pub use route::{InvalidRoute, Route, Server};
pub use sender::{run, send_due};
