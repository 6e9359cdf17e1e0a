//! The pages over a real store: the whole way of an informant, several hands, hostile requests,
//! the staff's pages and the published site.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail where they stand")]

mod files;
mod hands;
mod hostile;
mod kinds;
mod languages;
mod listing;
mod naughty;
mod parts;
mod prefill;
mod preview;
mod reasons;
mod repeat;
mod saving;
mod site;
mod staff;
mod taken;
mod way;
mod world;

#[test]
fn everything_holds_on_postgres() {
    cluster::run_all_on_postgres("everything_holds_on_postgres");
}
