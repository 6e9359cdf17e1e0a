//! A letter as a message: what it says in its reader's language, as plain text and as HTML.

use std::time::{Duration, SystemTime};

use askama::Template;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, Message, MultiPart};
use store::{Letter, LetterKind};

use crate::book::{Book, Print};
use crate::words::{Scene, words};

/// Why a letter cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unwritable {
    /// What stands for an address is none.
    #[error("{0}")]
    Address(String),
    /// A round or a unit that the survey does not know.
    #[error("a letter is about {0}, which this survey does not have")]
    Unknown(String),
    /// A template failed.
    #[error("a letter cannot be written: {0}")]
    Template(#[from] askama::Error),
    /// The message could not be put together.
    #[error("a message cannot be put together: {0}")]
    Message(#[from] lettre::error::Error),
}

/// What a letter says, part by part.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    lang: &'static str,
    subject: String,
    greeting: String,
    lead: String,
    sections: Vec<String>,
    /// Who says something of their own, and what, paragraph by paragraph.
    quote: Option<(String, Vec<String>)>,
    until: Option<String>,
    /// What to press, and where it leads.
    link: Option<(&'static str, String)>,
    notes: Vec<&'static str>,
    owner: String,
    enclosed_text: String,
    enclosed_html: String,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct Plain<'a> {
    said: &'a Said,
}

/// What a letter encloses, as a page to print.
#[derive(Template)]
#[template(path = "printed.html")]
struct Printed<'a> {
    said: &'a Said,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    said: &'a Said,
}

/// A file that a letter encloses.
pub(crate) struct Enclosure {
    name: String,
    pdf: Vec<u8>,
}

/// What is to be printed before a letter leaves.
pub(crate) struct Unprinted {
    print: Print,
    page: String,
    date: Date,
    above: String,
    name: String,
}

/// Returns what a receipt encloses; `None` where the letter is no receipt, or nothing prints.
pub(crate) fn enclosure(
    letter: &Letter,
    book: &Book,
    now: Timestamp,
) -> Result<Option<Unprinted>, Unwritable> {
    let (LetterKind::Receipt, Some(print)) = (letter.kind, book.print) else { return Ok(None) };
    let said = said(letter, book)?;
    let (lang, case) = (letter.to.language, &letter.case);
    Ok(Some(Unprinted {
        print,
        page: Printed { said: &said }.render()?,
        date: date(now),
        above: format!("{} {}", book.survey.get(lang), case.round),
        name: format!("{}-{}-{}.pdf", words(lang).receipt_file, case.round, case.unit),
    }))
}

impl Unprinted {
    /// Prints it, which takes some tenths of a second; errs with why it cannot be printed.
    pub(crate) fn print(self) -> Result<Enclosure, String> {
        let pdf = (self.print)(&self.page, self.date, &self.above)?;
        Ok(Enclosure { name: self.name, pdf })
    }
}

/// Writes a letter.
pub(crate) fn message(
    letter: &Letter,
    enclosed: Option<Enclosure>,
    from: &Mailbox,
    book: &Book,
    now: Timestamp,
) -> Result<Message, Unwritable> {
    let said = said(letter, book)?;
    let plain = Plain { said: &said }.render()?;
    let html = Html { said: &said }.render()?;
    let reader = mailbox(&letter.to.name, &letter.to.email)?;
    let mut message = Message::builder()
        .from(from.clone())
        .to(reader)
        .date(system_time(now))
        .message_id(Some(format!("<{}@{}>", letter.id, from.email.domain())))
        .subject(said.subject.as_str());
    if let (Some(writer), false) = (&letter.from, letter.kind == LetterKind::Receipt) {
        // An answer goes to the colleague who asks, not to the survey.
        message = message.reply_to(mailbox(&writer.name, &writer.email)?);
    }
    let read = MultiPart::alternative_plain_html(plain, html);
    let Some(Enclosure { name, pdf }) = enclosed else { return Ok(message.multipart(read)?) };
    let kind = ContentType::parse("application/pdf").expect("it is a media type");
    let file = Attachment::new(name).body(pdf, kind);
    Ok(message.multipart(MultiPart::mixed().multipart(read).singlepart(file))?)
}

fn mailbox(name: &str, email: &str) -> Result<Mailbox, Unwritable> {
    let address = email
        .parse()
        .map_err(|error| Unwritable::Address(format!("`{email}` is no e-mail address: {error}")))?;
    Ok(Mailbox::new(Some(one_line(name)).filter(|name| !name.is_empty()), address))
}

/// Returns a name without line breaks and other signs that nobody sees; a header must not hold them.
fn one_line(name: &str) -> String {
    let seen = |c: char| if c.is_control() { ' ' } else { c };
    name.chars().map(seen).collect::<String>().trim().to_owned()
}

fn system_time(now: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(now.as_second().try_into().unwrap_or_default())
}

fn said(letter: &Letter, book: &Book) -> Result<Said, Unwritable> {
    let lang = letter.to.language;
    let words = words(lang);
    let unknown = || Unwritable::Unknown(letter.case.to_string());
    let round = book.rounds.get(&letter.case.round).ok_or_else(unknown)?;
    let unit = round.units.get(letter.case.unit.as_str()).ok_or_else(unknown)?;
    let title = |id: &instrument::SectionId| {
        let title = round.sections.get(id.as_str());
        title.map_or(id.to_string(), |title| title.plain(lang))
    };
    let sections: Vec<String> = letter.about.iter().map(title).collect();
    let owner = book.owner.get(lang).to_owned();
    let writer = letter.from.as_ref().map_or(owner.clone(), |from| one_line(&from.name));
    let survey = format!("{} {}", book.survey.get(lang), letter.case.round);
    let scene = Scene { writer: &writer, unit, survey: &survey, sections: &sections };
    let texts = words.of(letter.kind);
    let message = letter.message.trim();
    Ok(Said {
        lang: words.lang,
        subject: (texts.subject)(&scene),
        greeting: (words.greeting)(&one_line(&letter.to.name)),
        lead: (texts.lead)(&scene),
        quote: (!message.is_empty())
            .then(|| ((words.says)(&writer), message.lines().map(str::to_owned).collect())),
        until: until(letter, words, &writer),
        link: texts
            .press
            .zip(letter.link.as_ref())
            .map(|(press, link)| (press, format!("{}/answer/{}", book.base_url, link.reveal()))),
        notes: texts.notes.to_vec(),
        sections,
        owner,
        enclosed_text: letter.enclosed.0.clone(),
        enclosed_html: letter.enclosed.1.clone(),
    })
}

/// Returns by when to be done: the day that the colleague asks for, or the last of the round.
fn until(letter: &Letter, words: &crate::words::Words, writer: &str) -> Option<String> {
    match (letter.kind, letter.due) {
        (LetterKind::HandOver | LetterKind::Reminder, Some(day)) => {
            Some((words.due)(writer, &(words.date)(day)))
        }
        (LetterKind::HandOver | LetterKind::Reminder | LetterKind::Returned, _) => {
            Some((words.open_until)(&(words.date)(last_day(letter.closes))))
        }
        (LetterKind::Receipt, _) => None,
    }
}

/// Returns the last day before `closes`: a round closes at midnight, in Norway.
fn last_day(closes: Timestamp) -> Date {
    date(closes.checked_sub(SignedDuration::from_secs(1)).unwrap_or(closes))
}

/// Returns the day that it is in Norway.
fn date(at: Timestamp) -> Date {
    let oslo = TimeZone::get("Europe/Oslo").expect("the time zones are compiled in");
    at.to_zoned(oslo).date()
}

#[cfg(test)]
mod tests {
    use instrument::{Lang, Text};
    use store::{Contact, Token};

    use super::*;
    use crate::book::RoundBook;

    fn book() -> Book {
        let text = |nb: &str, nn: &str, en: &str| {
            let translations =
                [(Lang::NB, nb.to_owned()), (Lang::NN, nn.to_owned()), (Lang::EN, en.to_owned())];
            Text::new(translations.to_vec())
        };
        let sections = [
            ("bosetting", text("Bosetting", "**Busetjing**", "Settlement")),
            ("tolk", text("Tolking", "Tolking", "Interpreting")),
        ];
        let round = RoundBook {
            units: [("1508".to_owned(), "Ålesund".to_owned())].into(),
            sections: sections.map(|(id, title)| (id.to_owned(), title)).into(),
        };
        Book {
            survey: text("Kommuneundersøkelsen", "Kommuneundersøkinga", "The Municipal Survey"),
            owner: text("IMDi", "IMDi", "IMDi"),
            rounds: [("2025".parse().unwrap(), round)].into(),
            base_url: "https://svar.example.no".to_owned(),
            print: Some(|page, date, above| Ok(format!("{above} {date}\n{page}").into_bytes())),
        }
    }

    fn letter(kind: LetterKind, lang: Lang) -> Letter {
        let contact = |name: &str| Contact {
            name: name.to_owned(),
            email: "post@example.no".to_owned(),
            language: lang,
        };
        let about: &[&str] = match kind {
            LetterKind::HandOver => &["bosetting", "tolk"],
            LetterKind::Reminder | LetterKind::Returned => &["tolk"],
            LetterKind::Receipt => &[],
        };
        let enclosed = match kind {
            LetterKind::Receipt => ("Bosatte: 12\n", "<p>Bosatte: 12</p>"),
            LetterKind::HandOver | LetterKind::Reminder | LetterKind::Returned => ("", ""),
        };
        Letter {
            id: store::LetterId("fake".to_owned()),
            case: store::CaseId { round: "2025".parse().unwrap(), unit: "1508".parse().unwrap() },
            kind,
            to: contact("Ola Ås"),
            from: Some(contact("Kari <b>Nordmann</b>")),
            about: about.iter().map(|id| id.parse().unwrap()).collect(),
            due: (kind == LetterKind::HandOver).then(|| "2025-11-14".parse().unwrap()),
            message: match kind {
                LetterKind::HandOver => "Hei!\nKan du <i>se</i> på dette?".to_owned(),
                LetterKind::Reminder | LetterKind::Returned | LetterKind::Receipt => String::new(),
            },
            enclosed: (enclosed.0.to_owned(), enclosed.1.to_owned()),
            link: Some("0123456789abcdefghjkmnpqrs".parse::<Token>().unwrap()),
            closes: "2025-11-30T23:00:00Z".parse().unwrap(),
        }
    }

    const KINDS: [LetterKind; 4] =
        [LetterKind::HandOver, LetterKind::Reminder, LetterKind::Returned, LetterKind::Receipt];

    #[test]
    fn every_letter_in_every_language() {
        let mut plain = String::new();
        for lang in [Lang::NB, Lang::NN, Lang::EN] {
            for kind in KINDS {
                let said = said(&letter(kind, lang), &book()).unwrap();
                let text = Plain { said: &said }.render().unwrap();
                plain.push_str(&format!("=== {lang} {kind:?}: {}\n{text}\n", said.subject));
            }
        }
        insta::assert_snapshot!(plain);
    }

    #[test]
    fn what_people_write_is_shown_and_not_run() {
        let said = said(&letter(LetterKind::HandOver, Lang::NB), &book()).unwrap();
        let html = Html { said: &said }.render().unwrap();
        insta::assert_snapshot!(html);
        assert!(!html.contains("<b>") && !html.contains("<i>"));
    }

    #[test]
    fn a_message_carries_both_forms_and_answers_go_to_the_colleague() {
        let from: Mailbox = "IMDi <survey@imdi.example>".parse().unwrap();
        let now = "2025-11-03T08:00:00Z".parse().unwrap();
        let written = letter(LetterKind::Reminder, Lang::NB);
        let bytes = message(&written, None, &from, &book(), now).unwrap().formatted();
        let text = String::from_utf8(bytes).unwrap();
        for part in [
            "From: IMDi <survey@imdi.example>",
            "Message-ID: <fake@imdi.example>",
            "Date: Mon, 03 Nov 2025 08:00:00 +0000",
            "multipart/alternative",
            "text/plain; charset=utf-8",
            "text/html; charset=utf-8",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        assert!(text.contains("Reply-To: ") && text.contains("<post@example.no>"), "{text}");
    }

    #[test]
    fn a_receipt_encloses_its_answers_as_pdf() {
        let from: Mailbox = "survey@imdi.example".parse().unwrap();
        let (now, book) = ("2025-11-03T23:30:00Z".parse().unwrap(), book());
        let receipt = letter(LetterKind::Receipt, Lang::NN);
        let enclosed = enclosure(&receipt, &book, now).unwrap().unwrap().print().unwrap();
        let page = String::from_utf8(enclosed.pdf.clone()).unwrap();
        // After midnight in Norway.
        assert!(page.starts_with("Kommuneundersøkinga 2025 2025-11-04\n"), "{page}");
        assert!(
            page.contains("<html lang=\"nn\">") && page.contains("<p>Bosatte: 12</p>"),
            "{page}"
        );
        let bytes = message(&receipt, Some(enclosed), &from, &book, now).unwrap().formatted();
        let text = String::from_utf8(bytes).unwrap();
        for part in ["multipart/mixed", "application/pdf", "filename=\"kvittering-2025-1508.pdf\""]
        {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        let other = letter(LetterKind::Reminder, Lang::NN);
        assert!(enclosure(&other, &book, now).unwrap().is_none());
    }

    #[test]
    fn a_name_cannot_add_a_header() {
        let from: Mailbox = "survey@imdi.example".parse().unwrap();
        let mut wicked = letter(LetterKind::Receipt, Lang::EN);
        wicked.to.name = "Ola\r\nBcc: all@example.no".to_owned();
        let now = "2025-11-03T08:00:00Z".parse().unwrap();
        let text = message(&wicked, None, &from, &book(), now).map(|message| message.formatted());
        let text = String::from_utf8(text.unwrap()).unwrap();
        assert!(!text.lines().any(|line| line.starts_with("Bcc:")), "{text}");
    }
}
