//! Quotes of open answers: only what is coded and approved leaves the data.

use instrument::Lang;

use crate::WORLD;

/// Publishes a report that says this, and returns its page.
fn said(lang: Lang, expression: &str) -> String {
    let text = format!("# Tittel\n\nDe skriver: {{{{ {expression} }}}}.\n");
    let site = WORLD.publish(&[(lang, &text)]).unwrap();
    let folder = if lang == Lang::NB { String::new() } else { format!("{lang}/") };
    String::from_utf8(site.files[&format!("2023/{folder}index.html")].clone()).unwrap()
}

#[test]
fn what_is_coded_and_approved_is_quoted_in_the_marks_of_the_report() {
    let page = said(Lang::NB, "quote(\"utdyp\", \"mangel\")");
    assert!(
        page.contains("De skriver: «Det er langt mellom tolkene, og de få vi har, er opptatt.»")
    );
    // The second is in nynorsk, and says so to a screen reader.
    let page = said(Lang::NB, "quote(\"utdyp\", \"mangel\", number: 2)");
    assert!(page.contains("<span lang=\"nn\">«Fjernløysingar gjer det enklare.»</span>"), "{page}");
    let page = said(Lang::EN, "quote(\"utdyp\", \"mangel\")");
    assert!(page.contains("<span lang=\"nb\">“Det er langt"), "{page}");
}

#[test]
fn what_is_not_quoted_stays_in_the_data() {
    let site = WORLD.publish(&[(Lang::NB, "# Tittel\n\nTekst.\n")]).unwrap();
    for (path, bytes) in &site.files {
        let text = String::from_utf8_lossy(bytes);
        assert!(
            !text.contains("tolkene, og de få vi har") && !text.contains("god hjelp"),
            "{path}"
        );
    }
}
