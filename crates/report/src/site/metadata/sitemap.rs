//! The list of pages, for search engines.

use crate::prose::escape;
use crate::site::Site;
use crate::site::round::Composed;

use super::published;

/// The name of the file, in the root of the site.
pub(super) const FILE: &str = "sitemap.xml";

/// Lists every page below the address of the site, with the day on which its round was published.
pub(super) fn write(address: &str, rounds: &[Composed<'_>], site: &Site) -> Vec<u8> {
    let pages = site.files.keys().filter(|path| path.ends_with(".html"));
    let line = |path: &String| {
        let round = rounds.iter().find(|round| path.starts_with(&format!("{}/", round.id())));
        let day = round.map(|round| format!("<lastmod>{}</lastmod>", published(round)));
        let path = path.strip_suffix("index.html").unwrap_or(path);
        let place = escape(&format!("{}/{path}", address.trim_end_matches('/')));
        format!("<url><loc>{place}</loc>{}</url>\n", day.unwrap_or_default())
    };
    let lines: String = pages.map(line).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{lines}</urlset>\n"
    )
    .into_bytes()
}
