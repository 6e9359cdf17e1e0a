//! Letters against e-mail servers: one from Debian that does it right, and ones that do not.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails where its fixture does")]

mod debian;
mod outbox;
mod wicked;

use std::time::Duration;

use mail::Courier;
use store::LetterState;

use debian::Debian;
use outbox::Outbox;
use wicked::{Manner, Wicked};

/// Returns a courier to a server on this machine.
fn courier(port: u16) -> Courier {
    let route = format!("smtp://127.0.0.1:{port}").parse().unwrap();
    let courier = Courier::new(&route, "IMDi <survey@imdi.example>", None).unwrap();
    courier.patient_for(Duration::from_secs(2))
}

#[tokio::test]
async fn a_letter_arrives_once_at_a_real_server() {
    let (server, outbox) = (Debian::start(), Outbox::with_letter("ola@kommune.example").await);
    assert_eq!(outbox.send(&courier(server.port)).await, 1);
    assert_eq!(outbox.send(&courier(server.port)).await, 0, "it is sent once");
    assert_eq!(outbox.state().await, LetterState::Sent);
    let arrived = server.arrived();
    let [letter] = arrived.as_slice() else { panic!("{} letters arrived", arrived.len()) };
    for part in ["survey@imdi.example", "ola@kommune.example", "multipart/alternative"] {
        assert!(letter.contains(part), "{part} is not in\n{letter}");
    }
}

#[tokio::test]
async fn a_folder_gets_a_file_for_each_letter() {
    let (folder, outbox) = (tempfile::tempdir().unwrap(), Outbox::with_letter("o@k.example").await);
    let route = format!("file:{}", folder.path().join("mail").display()).parse().unwrap();
    let courier = Courier::new(&route, "survey@imdi.example", None).unwrap();
    assert_eq!(outbox.send(&courier).await, 1);
    let files: Vec<_> = std::fs::read_dir(folder.path().join("mail")).unwrap().collect();
    assert_eq!(files.len(), 1);
    let text = std::fs::read_to_string(files[0].as_ref().unwrap().path()).unwrap();
    assert!(text.contains("To: ") && text.contains("o@k.example"), "{text}");
}

#[tokio::test]
async fn a_server_that_is_not_well_is_tried_again_later() {
    for manner in [Manner::Hangs, Manner::DiesInTheMiddle, Manner::Busy, Manner::LockedOut] {
        let (server, outbox) =
            (Wicked::start(manner).await, Outbox::with_letter("ola@kommune.example").await);
        assert_eq!(outbox.send(&courier(server.port)).await, 0, "{manner:?}");
        assert_eq!(outbox.state().await, LetterState::Waiting, "{manner:?}");
        assert_eq!(outbox.refusal().await, None, "{manner:?} says nothing about the reader");
        // It rests first.
        assert_eq!(outbox.send(&courier(server.port)).await, 0, "{manner:?}");
        // When the server is well again, the letter leaves.
        let well = Debian::start();
        outbox.wait_minutes(6);
        assert_eq!(outbox.send(&courier(well.port)).await, 1, "{manner:?}");
        assert_eq!(well.arrived().len(), 1, "{manner:?}");
    }
}

#[tokio::test]
async fn nobody_listening_is_tried_again_later() {
    let outbox = Outbox::with_letter("ola@kommune.example").await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(outbox.send(&courier(port)).await, 0);
    assert_eq!(outbox.state().await, LetterState::Waiting);
}

#[tokio::test]
async fn a_reader_whom_the_server_does_not_know_is_noted() {
    let (server, outbox) =
        (Wicked::start(Manner::Refuses).await, Outbox::with_letter("ola@kommune.example").await);
    assert_eq!(outbox.send(&courier(server.port)).await, 0);
    assert_eq!(outbox.state().await, LetterState::Refused);
    assert!(outbox.refusal().await.is_some_and(|why| why.contains("550")));
    outbox.wait_minutes(60 * 24);
    assert_eq!(outbox.send(&courier(server.port)).await, 0, "it is not tried again");
    // So is an address that no server needs to be asked about.
    let outbox = Outbox::with_letter("no address").await;
    assert_eq!(outbox.send(&courier(server.port)).await, 0);
    assert_eq!(outbox.state().await, LetterState::Refused);
}
