//! The words of saving, once for each language.

/// The words of saving while the informant goes on, and of a session that is over.
pub(crate) struct Saving {
    pub(crate) saved: fn(i8, i8) -> String,
    pub(crate) conflict: &'static str,
    pub(crate) offline: &'static str,
    pub(crate) session: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) also_here: fn(&str) -> String,
    pub(crate) resume_title: &'static str,
    pub(crate) resume_lead: &'static str,
    pub(crate) resume_steps: [&'static str; 2],
    pub(crate) resume_do: &'static str,
    pub(crate) changes: &'static str,
    pub(crate) mail_receipt: &'static str,
    pub(crate) mailed: &'static str,
    pub(crate) earlier: &'static str,
    pub(crate) earlier_line: fn(usize, &str) -> String,
    pub(crate) earlier_kept: &'static str,
}

pub(super) const NB: Saving = Saving {
    saved: |hour, minute| format!("Lagret {hour:02}.{minute:02}"),
    conflict: "Noen andre har svart på det samme. Trykk «Lagre og fortsett» for å se begge svarene.",
    offline: "Ikke lagret: ingen kontakt med serveren. Vi prøver igjen. Ikke lukk siden.",
    session: "Ikke lagret: økten er utløpt. Åpne den personlige lenken i en ny fane. Da lagres det du har skrevet her.",
    failed: "Ikke lagret ennå. Vi prøver igjen.",
    also_here: |who| format!("Også på denne siden nå: {who}"),
    resume_title: "Økten er utløpt",
    resume_lead: "Ingenting av det du skrev er mistet. Det ligger på denne siden, men er ikke lagret ennå.",
    resume_steps: [
        "Gå til e-posten om undersøkelsen og åpne den personlige lenken i en ny fane i denne nettleseren.",
        "Kom tilbake hit og trykk på knappen.",
    ],
    resume_do: "Lagre det jeg skrev",
    changes: "Dette er endret siden du åpnet siden:",
    mail_receipt: "Send kvitteringen til meg på e-post",
    mailed: "Kvitteringen er på vei til e-posten din.",
    earlier: "Signerte utgaver",
    earlier_line: |number, when| format!("Utgave {number}, signert {when}"),
    earlier_kept: "Dette er en tidligere signert utgave. Slik var svarene da den ble signert.",
};

pub(super) const NN: Saving = Saving {
    saved: |hour, minute| format!("Lagra {hour:02}.{minute:02}"),
    conflict: "Nokon andre har svart på det same. Trykk «Lagre og hald fram» for å sjå begge svara.",
    offline: "Ikkje lagra: ingen kontakt med tenaren. Vi prøver igjen. Ikkje lukk sida.",
    session: "Ikkje lagra: økta er gått ut. Opne den personlege lenkja i ei ny fane. Då blir det du har skrive her, lagra.",
    failed: "Ikkje lagra enno. Vi prøver igjen.",
    also_here: |who| format!("Òg på denne sida no: {who}"),
    resume_title: "Økta er gått ut",
    resume_lead: "Ingenting av det du skreiv, er mist. Det ligg på denne sida, men er ikkje lagra enno.",
    resume_steps: [
        "Gå til e-posten om undersøkinga og opne den personlege lenkja i ei ny fane i denne nettlesaren.",
        "Kom tilbake hit og trykk på knappen.",
    ],
    resume_do: "Lagre det eg skreiv",
    changes: "Dette er endra sidan du opna sida:",
    mail_receipt: "Send kvitteringa til meg på e-post",
    mailed: "Kvitteringa er på veg til e-posten din.",
    earlier: "Signerte utgåver",
    earlier_line: |number, when| format!("Utgåve {number}, signert {when}"),
    earlier_kept: "Dette er ei tidlegare signert utgåve. Slik var svara då ho vart signert.",
};

pub(super) const EN: Saving = Saving {
    saved: |hour, minute| format!("Saved {hour:02}:{minute:02}"),
    conflict: "Someone else has answered the same. Press “Save and continue” to see both answers.",
    offline: "Not saved: the server cannot be reached. We are trying again. Please do not close this page.",
    session: "Not saved: your session has ended. Open your personal link in a new tab. What you have entered here is then saved.",
    failed: "Not saved yet. We are trying again.",
    also_here: |who| format!("Also on this page now: {who}"),
    resume_title: "Your session has ended",
    resume_lead: "Nothing you entered is lost. It is on this page, but has not been saved yet.",
    resume_steps: [
        "Go to the e-mail about the survey and open your personal link in a new tab in this browser.",
        "Come back here and press the button.",
    ],
    resume_do: "Save what I entered",
    changes: "This has changed since you opened the page:",
    mail_receipt: "Send the receipt to me by e-mail",
    mailed: "The receipt is on its way to your e-mail.",
    earlier: "Signed versions",
    earlier_line: |number, when| format!("Version {number}, signed on {when}"),
    earlier_kept: "This is an earlier signed version. These were the answers when it was signed.",
};
