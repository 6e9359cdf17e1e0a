//! How we call: sends what the store's outbox holds. The only room that will speak SMTP.
//!
//! Nothing is sent yet. `runde invite` prints a personal link, and the coordinator gets it from the
//! survey team.
