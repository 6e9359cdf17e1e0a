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
    // What was typed and can no longer be saved.
    pub(crate) kept_stay: &'static str,
    pub(crate) kept_title: &'static str,
    pub(crate) kept_signed: &'static str,
    pub(crate) kept_closed: &'static str,
    pub(crate) kept_theirs: &'static str,
    pub(crate) kept_off_path: &'static str,
    pub(crate) kept_copy: &'static str,
    /// How many answers are stored that have left the path.
    pub(crate) off_path: fn(usize) -> String,
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
    kept_stay: "Ikke lagret: denne siden kan ikke endres nå. Trykk «Lagre og fortsett» for å se hvorfor. Det du har skrevet, blir med.",
    kept_title: "Dette er ikke lagret",
    kept_signed: "Svaret er signert, og et signert svar kan ikke endres. Koordinatoren kan åpne det igjen.",
    kept_closed: "Undersøkelsen er ikke åpen lenger.",
    kept_theirs: "Delen er ikke lenger hos deg: den er tatt tilbake eller gitt til en annen.",
    kept_off_path: "Spørsmålene her gjelder ikke lenger, ut fra det dere har svart andre steder.",
    kept_copy: "Under står det du skrev. Kopier det hvis du trenger det.",
    off_path: |n| {
        if n == 1 {
            "1 svar er lagret, men gjelder ikke lenger ut fra det dere har svart. Det kommer tilbake hvis dere endrer svaret.".to_owned()
        } else {
            format!(
                "{n} svar er lagret, men gjelder ikke lenger ut fra det dere har svart. De kommer tilbake hvis dere endrer svarene."
            )
        }
    },
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
    kept_stay: "Ikkje lagra: denne sida kan ikkje endrast no. Trykk «Lagre og hald fram» for å sjå kvifor. Det du har skrive, blir med.",
    kept_title: "Dette er ikkje lagra",
    kept_signed: "Svaret er signert, og eit signert svar kan ikkje endrast. Koordinatoren kan opne det igjen.",
    kept_closed: "Undersøkinga er ikkje open lenger.",
    kept_theirs: "Delen er ikkje lenger hos deg: han er teken tilbake eller gitt til ein annan.",
    kept_off_path: "Spørsmåla her gjeld ikkje lenger, ut frå det de har svart andre stader.",
    kept_copy: "Under står det du skreiv. Kopier det om du treng det.",
    off_path: |n| {
        if n == 1 {
            "1 svar er lagra, men gjeld ikkje lenger ut frå det de har svart. Det kjem tilbake om de endrar svaret.".to_owned()
        } else {
            format!(
                "{n} svar er lagra, men gjeld ikkje lenger ut frå det de har svart. Dei kjem tilbake om de endrar svara."
            )
        }
    },
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
    kept_stay: "Not saved: this page cannot be changed now. Press “Save and continue” to see why. What you have written comes along.",
    kept_title: "This has not been saved",
    kept_signed: "The response has been signed, and a signed response cannot be changed. The coordinator can open it again.",
    kept_closed: "The survey is no longer open.",
    kept_theirs: "The section is no longer with you: it has been taken back or given to someone else.",
    kept_off_path: "The questions here no longer apply, given what you have answered elsewhere.",
    kept_copy: "What you wrote is below. Copy it if you need it.",
    off_path: |n| {
        if n == 1 {
            "1 answer is stored but no longer counts, given what you have answered. It comes back if you change that answer.".to_owned()
        } else {
            format!(
                "{n} answers are stored but no longer count, given what you have answered. They come back if you change those answers."
            )
        }
    },
};
