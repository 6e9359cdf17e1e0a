//! A look at the page that is open: does it fit, are its drawings whole, and does axe find a barrier?

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use super::chromium::{Browser, Person};

/// axe-core, from the lock file of `xtask/page-checks`. `cargo xtask test` fetches it.
static AXE: LazyLock<Option<String>> = LazyLock::new(|| {
    let checks = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../xtask/page-checks");
    let axe = fs::read_to_string(checks.join("node_modules/axe-core/axe.min.js")).ok();
    if axe.is_none() {
        println!(
            "axe-core is not there, so no page is searched for barriers: run `cargo xtask test`"
        );
    }
    axe
});

/// Every rule of WCAG 2.2 A and AA that axe knows, and its own advice.
const SEARCH: &str = "
    const done = arguments[0];
    const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run({ runOnly: rules }).then(
        result => done(result.violations.map(violation => violation.id + ': ' + violation.help
            + violation.nodes.map(node => '\\n    ' + node.html).join(''))),
        error => done([String(error)]));
";

/// Returns the texts that a drawing cuts off.
const CUT_OFF: &str = "
    const outside = (text) => {
        const [inner, outer] = [text, text.closest('svg')].map(part => part.getBoundingClientRect());
        return outer.width > 0 && (inner.left < outer.left - 2 || inner.right > outer.right + 2);
    };
    return [...document.querySelectorAll('svg.drawing text')].filter(outside).map(text => text.textContent);
";

/// Looks at the page that is open, and notes what is wrong with it.
pub(crate) async fn look(browser: &Browser) {
    let place = browser.driver.current_url().await.expect("a page is open").path().to_owned();
    let widths =
        "const page = document.documentElement; return [page.scrollWidth, page.clientWidth]";
    let widths = browser.driver.execute(widths, vec![]).await.expect("the page can be measured");
    let [page, window]: [u32; 2] = widths.convert().expect("two widths");
    if page > window {
        browser.note(format!("{place} is {page} wide in a window of {window}"));
    }
    let cut_off = browser.driver.execute(CUT_OFF, vec![]).await.expect("drawings can be measured");
    for text in cut_off.convert::<Vec<String>>().expect("a list of texts") {
        browser.note(format!("{place}: a drawing cuts off \"{text}\""));
    }
    for barrier in barriers(browser).await {
        browser.note(format!("{place} has a barrier, {barrier}"));
    }
}

/// Returns what axe finds on the page that is open. It is a script, and waits for others.
async fn barriers(browser: &Browser) -> Vec<String> {
    let Some(axe) = AXE.as_ref().filter(|_| browser.person != Person::DeskWithoutScripts) else {
        return vec![];
    };
    let script = format!("{axe};{SEARCH}");
    let found = browser.driver.execute_async(script, vec![]).await.expect("axe runs");
    found.convert().expect("a list of barriers")
}
