//! Files that are handed over: the whole way of one, what is not taken, and who may fetch it.

use axum::body::Body;
use axum::http::{StatusCode, header};
use instrument::{FileType, Hash};
use store::AccessKind;

use crate::world::{Browser, Page, World};

const PAGE: &str = "/case/2025/1508/del/1";
const SECOND: &str = "/case/2025/1508/del/2";
const FILE: &str = "/case/2025/1508/del/file/plan";
const KIND: &str = "multipart/form-data; boundary=----x";

/// A field of a form in which a file was chosen: its name, the file's, and the content.
type Chosen<'a> = (&'a str, &'a str, &'a [u8]);

/// Writes a form as a browser does.
fn form(fields: &[(&str, &str)], files: &[Chosen<'_>]) -> Vec<u8> {
    let mut body = vec![];
    for (name, value) in fields {
        let head = format!("------x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend(format!("{head}{value}\r\n").into_bytes());
    }
    for (field, name, content) in files {
        let named = format!("name=\"{field}\"; filename=\"{name}\"");
        let kind = "Content-Type: image/png";
        body.extend(
            format!("------x\r\nContent-Disposition: form-data; {named}\r\n{kind}\r\n\r\n")
                .into_bytes(),
        );
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"------x--\r\n");
    body
}

async fn send(browser: &mut Browser, address: &str, body: Vec<u8>) -> Page {
    let request = browser
        .request("POST", address)
        .header(header::CONTENT_TYPE, KIND)
        .header(header::CONTENT_LENGTH, body.len())
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap();
    browser.send(address, request).await
}

/// Sends the form of a page that is there, with these fields and files.
async fn hand_over(
    browser: &mut Browser,
    (page, address): (&Page, &str),
    fields: &[(&str, &str)],
    files: &[Chosen<'_>],
) -> Page {
    let hidden = page.hidden();
    let mut all: Vec<(&str, &str)> =
        hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.extend(fields);
    send(browser, address, form(&all, files)).await
}

fn pdf() -> &'static [u8] {
    FileType::Pdf.example()
}

/// Another file, as somebody would have changed it.
fn other_pdf() -> Vec<u8> {
    [pdf(), b"% en linje til\n"].concat()
}

#[tokio::test]
async fn a_file_is_handed_over_shown_fetched_and_taken_away() {
    let world = World::of("file").await;
    let mut kari = world.coordinator("1508").await;
    let page = kari.get(PAGE).await;
    assert!(
        page.says(r#"enctype="multipart/form-data""#) && page.says(r#"accept=".pdf,.docx,.odt""#)
    );
    assert!(page.says("PDF, Word (docx) eller ODT, høyst 5 MB."));
    let chosen = [("plan", "C:\\plan\\Årsplan 2025.pdf", pdf())];
    let given = hand_over(&mut kari, (&page, PAGE), &[(":go", "file:plan")], &chosen).await;
    assert_eq!(given.leads_to(), "/case/2025/1508/del/1#q-plan");
    let hash = Hash::of(pdf());
    let value = format!("{hash} {} pdf Årsplan 2025.pdf", pdf().len());
    assert_eq!(world.held("1508", "plan").await, Some((Some(value), 1)));

    let page = kari.get(PAGE).await;
    assert!(page.says(r#"<a href="/case/2025/1508/del/file/plan" download>Årsplan 2025.pdf</a>"#));
    assert!(page.says("(306 B)") && page.says("Hvilket år ble planen vedtatt?"));
    let fetched = kari.get(FILE).await;
    assert_eq!((fetched.status, fetched.html.as_bytes()), (StatusCode::OK, pdf()));
    let header = |name: &str| fetched.headers[name].to_str().unwrap();
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"_rsplan 2025.pdf\"; filename*=UTF-8''%C3%85rsplan%202025.pdf"
    );
    assert_eq!(
        (header("x-content-type-options"), header("cache-control")),
        ("nosniff", "no-store")
    );

    // The page is sent on without a new file: the field is blank, and the answer stays.
    let on =
        hand_over(&mut kari, (&page, PAGE), &[("vedtatt", "2020")], &[("plan", "", b"")]).await;
    assert_eq!(on.leads_to(), SECOND);
    let review = kari.get("/case/2025/1508/del/review").await;
    assert!(review.says("Årsplan 2025.pdf (306 B)") && review.says("Hent filen"));

    let page = kari.get(PAGE).await;
    let away = hand_over(&mut kari, (&page, PAGE), &[(":go", "withdraw:plan")], &[]).await;
    assert_eq!(away.leads_to(), "/case/2025/1508/del/1#q-plan");
    assert_eq!(world.held("1508", "plan").await, Some((None, 2)));
    assert_eq!(kari.get(FILE).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.store.file(&hash).await.unwrap().bytes(), pdf(), "it is in the history");
}

#[tokio::test]
async fn what_is_not_taken_is_told_and_loses_nothing_else() {
    let world = World::of("file").await;
    let mut kari = world.coordinator("1508").await;
    let large = [FileType::Csv.example(), "a;b\n".repeat(3 << 20).as_bytes()].concat();
    let docx = FileType::Docx.example();
    for (number, (name, content, message)) in [
        ("tall.pdf", pdf(), "Denne filtypen kan vi ikke ta imot. Velg Excel (xlsx), ODS eller CSV"),
        ("tall", b"a;b".as_slice(), "Denne filtypen kan vi ikke ta imot."),
        ("tall.csv", b"", "Filen er tom"),
        ("tall.csv", b"MZ\x90\0\x03", "Innholdet i filen stemmer ikke med navnet."),
        ("tall.xlsx", docx, "Innholdet i filen stemmer ikke med navnet."),
        ("tall.csv", large.as_slice(), "Filen er for stor. Velg en fil på høyst 10 MB"),
    ]
    .into_iter()
    .enumerate()
    {
        let page = kari.get(SECOND).await;
        let note = format!("nummer {number}");
        let fields = [("merknad", note.as_str())];
        let told = hand_over(&mut kari, (&page, SECOND), &fields, &[("tall", name, content)]).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(told.says(message), "{name}: {message}\n{}", told.html);
        assert!(told.says(r#"aria-invalid="true""#) && told.says(r##"href="#f-tall""##), "{name}");
        assert!(told.says(&format!(r#"value="{note}""#)), "{name}");
        assert_eq!(world.held("1508", "tall").await, None, "{name}");
        let version = u32::try_from(number + 1).unwrap();
        assert_eq!(world.held("1508", "merknad").await, Some((Some(note), version)));
        assert!(world.store.file(&Hash::of(content)).await.is_err(), "{name}");
    }
    let page = kari.get(SECOND).await;
    let two =
        [("tall", "a.csv", FileType::Csv.example()), ("tall", "b.csv", FileType::Csv.example())];
    assert!(hand_over(&mut kari, (&page, SECOND), &[], &two).await.says("Gi bare ett svar"));
}

#[tokio::test]
async fn two_at_once_see_each_other_and_a_request_that_comes_twice_stores_once() {
    let world = World::of("file").await;
    let (mut kari, mut ola) = (world.coordinator("1508").await, world.coordinator("1508").await);
    let (hers, his) = (kari.get(PAGE).await, ola.get(PAGE).await);
    let chosen = [("plan", "plan.pdf", pdf())];
    for _ in 0..2 {
        let given = hand_over(&mut kari, (&hers, PAGE), &[(":go", "file:plan")], &chosen).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(world.held("1508", "plan").await.unwrap().1, 1);
    let hers = kari.get(PAGE).await;

    let other = other_pdf();
    let mine = [("plan", "vår plan.pdf", other.as_slice())];
    let conflict = hand_over(&mut ola, (&his, PAGE), &[(":go", "file:plan")], &mine).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.says("plan.pdf (306 B)") && conflict.says("Filen din er ikke lagret."));
    assert!(world.held("1508", "plan").await.unwrap().0.unwrap().ends_with(" plan.pdf"));
    assert!(world.store.file(&Hash::of(&other)).await.is_err(), "nothing of it is kept");
    // He has seen hers now, and chooses his again.
    let given = hand_over(&mut ola, (&conflict, PAGE), &[(":go", "file:plan")], &mine).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER);
    let (held, version) = world.held("1508", "plan").await.unwrap();
    assert!(version == 2 && held.unwrap().ends_with("vår plan.pdf"));
    // She takes away what she has not seen: she is told.
    let away = hand_over(&mut kari, (&hers, PAGE), &[(":go", "withdraw:plan")], &[]).await;
    assert_eq!(away.status, StatusCode::CONFLICT);
    assert!(away.says("vår plan.pdf"));
    assert_eq!(world.held("1508", "plan").await.unwrap().1, 2);
}

#[tokio::test]
async fn a_script_that_saves_leaves_the_file_as_it_is() {
    let world = World::of("file").await;
    let mut kari = world.coordinator("1508").await;
    let page = kari.get(SECOND).await;
    let chosen = [("tall", "tall.csv", FileType::Csv.example())];
    hand_over(&mut kari, (&page, SECOND), &[(":go", "file:tall")], &chosen).await;
    let held = world.held("1508", "tall").await;
    let page = kari.get(SECOND).await;
    let saved = kari.send_again(&page, SECOND, &[(":go", "stay"), ("merknad", "a")]).await;
    assert!(saved.says("saved\t") && !saved.says("seen:tall"), "{}", saved.html);
    assert_eq!(world.held("1508", "tall").await, held);
    // What is written in the place of a file is none.
    let forged = format!("{} 9 csv tall.csv", Hash::of("a"));
    for text in ["given", forged.as_str()] {
        kari.send_again(&page, SECOND, &[("tall", text)]).await;
        assert_eq!(world.held("1508", "tall").await, held, "{text}");
    }
}

#[tokio::test]
async fn a_box_stands_in_place_of_a_file() {
    let world = World::of("file").await;
    let mut kari = world.coordinator("1508").await;
    let boxed = ("missing:plan", "not_relevant");
    let page = kari.get(PAGE).await;
    let both = hand_over(&mut kari, (&page, PAGE), &[boxed], &[("plan", "a.pdf", pdf())]).await;
    assert_eq!(both.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.held("1508", "plan").await, None);
    hand_over(&mut kari, (&page, PAGE), &[boxed], &[]).await;
    assert_eq!(world.held("1508", "plan").await, Some((Some("\u{1}not_relevant".into()), 1)));
    // Without the box, and with a file.
    let page = kari.get(PAGE).await;
    hand_over(&mut kari, (&page, PAGE), &[], &[("plan", "a.pdf", pdf())]).await;
    assert_eq!(world.held("1508", "plan").await.unwrap().1, 2);
    let page = kari.get(PAGE).await;
    let over = hand_over(&mut kari, (&page, PAGE), &[boxed], &[]).await;
    assert_eq!(over.status, StatusCode::UNPROCESSABLE_ENTITY, "a file is not lost by a tick");
}

#[tokio::test]
async fn forms_that_are_none_change_nothing() {
    let world = World::of("file").await;
    let mut kari = world.coordinator("1508").await;
    let whole = form(&[("seen:merknad", "0."), ("merknad", "x")], &[]);
    let many = "------x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n".repeat(10_001);
    let text = form(&[("merknad", &"x".repeat(300 * 1024))], &[]);
    let no_text =
        b"------x\r\nContent-Disposition: form-data; name=\"merknad\"\r\n\r\n\xff\r\n------x--";
    for (body, status) in [
        (whole[..whole.len() - 5].to_vec(), StatusCode::BAD_REQUEST),
        (b"------y--".to_vec(), StatusCode::BAD_REQUEST),
        (vec![], StatusCode::BAD_REQUEST),
        (no_text.to_vec(), StatusCode::BAD_REQUEST),
        (format!("{many}------x--").into_bytes(), StatusCode::PAYLOAD_TOO_LARGE),
        (text, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let page = send(&mut kari, SECOND, body).await;
        assert_eq!(page.status, status, "{shown}");
        assert!(page.says("Ingenting er endret"), "{shown}");
    }
    assert!(world.case("1508").await.held.is_empty());
    // The file of a field that takes none, and one under a name that could do harm.
    let page = kari.get(SECOND).await;
    let files =
        [("merknad", "a.csv", b"a;b".as_slice()), ("tall", "..\\..\\\u{202e}con.csv", b"a;b")];
    hand_over(&mut kari, (&page, SECOND), &[], &files).await;
    assert_eq!(world.held("1508", "merknad").await, None);
    assert!(world.held("1508", "tall").await.unwrap().0.unwrap().ends_with(" csv _con.csv"));
}

#[tokio::test]
async fn only_those_who_see_the_section_fetch_its_files() {
    let world = World::of("file").await;
    let mut kari = world.coordinator("1508").await;
    let page = kari.get(PAGE).await;
    let chosen = [("plan", "plan.pdf", pdf())];
    hand_over(&mut kari, (&page, PAGE), &[(":go", "file:plan")], &chosen).await;
    let (token, _) = world.link("1508", AccessKind::Delegate).await;
    let mut colleague = world.browser();
    colleague.post(&format!("/answer/{}", token.reveal()), &[]).await;
    let mut neighbour = world.coordinator("0301").await;
    for (who, browser, status) in [
        ("kari", &mut kari, StatusCode::OK),
        ("a colleague without the section", &mut colleague, StatusCode::NOT_FOUND),
        ("the coordinator of another case", &mut neighbour, StatusCode::FORBIDDEN),
        ("nobody", &mut world.browser(), StatusCode::FORBIDDEN),
    ] {
        assert_eq!(browser.get(FILE).await.status, status, "{who}");
    }
    for address in ["/case/2025/1508/del/file/merknad", "/case/2025/1508/del/file/x"] {
        assert_eq!(kari.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    // One whose session is over keeps what was written; the file is not even taken in.
    let late =
        hand_over(&mut world.browser(), (&page, PAGE), &[("vedtatt", "2020")], &chosen).await;
    assert_eq!(late.status, StatusCode::FORBIDDEN);
    assert!(late.says(r#"name="vedtatt" value="2020""#));
    assert!(late.says("Filen din er ikke lagret."));

    let mut writing = world.writing().await;
    writing.add_staff("kari", "riktig hest batteri").await.unwrap();
    writing.commit().await.unwrap();
    let mut staff = world.browser();
    let of_staff = "/staff/2025/1508/file/plan";
    assert_eq!(staff.get(of_staff).await.leads_to(), "/staff/login");
    staff.post("/staff/login", &[("name", "kari"), ("password", "riktig hest batteri")]).await;
    assert!(staff.get("/staff/2025/1508").await.says(of_staff));
    let fetched = staff.get(of_staff).await;
    assert_eq!((fetched.status, fetched.html.as_bytes()), (StatusCode::OK, pdf()));
}
